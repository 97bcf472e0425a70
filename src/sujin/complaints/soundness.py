"""Which models should be used and are not, and why: for the page, the checks and the probe."""

from sujin.complaints import assurance, outlook, pair_model, schooling


def unusable() -> dict[str, str]:
    """The name of each such model and what is wrong with it. Cases are taken in all the same: the
    words judge, nothing is promised, like words suggest."""
    alone = {
        assurance.URGENCY: assurance.found().spoiled,
        pair_model.PAIRS: pair_model.found().spoiled,
        outlook.OUTLOOK: outlook.found().spoiled,
    }
    problems = schooling.judging().problems
    return {**problems, **{name: why for name, why in alone.items() if why}}
