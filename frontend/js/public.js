// Customers' pages.
import 'htmx.org';
import { followRedirects } from './landing.js';
import { keepTyped } from './keep.js';
import { onceOnly } from './once.js';
import { focusErrors } from './focus.js';
import { openPanels } from './panels.js';
import { printButtons } from './print.js';
import { readAloud } from './aloud.js';
import { tellFailures } from './failures.js';

document.documentElement.classList.add('has-script');
openPanels();
onceOnly();
tellFailures();
followRedirects();
focusErrors();
readAloud();
keepTyped();
printButtons();
