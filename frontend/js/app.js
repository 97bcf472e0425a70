// Staff screens.
import 'htmx.org';
import { sendOnChoice } from './autosubmit.js';
import { followRedirects } from './landing.js';
import { onceOnly } from './once.js';
import { focusErrors } from './focus.js';
import { hotkeys } from './hotkeys.js';
import { intakeKeys } from './intake.js';
import { openPanels } from './panels.js';
import { rowKeys } from './rowkeys.js';
import { tellFailures } from './failures.js';
import { ticks } from './ticks.js';
import { themeButtons } from './theme.js';

document.documentElement.classList.add('has-script');
themeButtons();
openPanels();
sendOnChoice();
onceOnly();
hotkeys();
intakeKeys();
tellFailures();
followRedirects();
focusErrors();
rowKeys();
ticks();
