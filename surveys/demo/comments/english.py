"""What English-speaking respondents write, by theme and category."""

from __future__ import annotations

PROMOTER = {
    "price": (
        "We pay less than for the tool it replaced and it does more. Renewal was an easy decision.",
        "Good value for a team our size, and no surprises on the invoice.",
    ),
    "support": (
        "Support answers within the hour and actually reads what I wrote.",
        "Our contact checks in every month with something useful, never with a sales call.",
        "I rang on a Friday afternoon and it was sorted before I left the office.",
    ),
    "speed": (
        "It is fast. Month-end used to take us a full day, now it is done before lunch.",
        "Pages open instantly, even the big lists. My team stopped complaining.",
    ),
    "onboarding": (
        "We were up and running in two weeks, and nobody needed a manual.",
        "The kick-off sessions were short and to the point. New starters get it on day one.",
    ),
    "reporting": (
        "The monthly report practically writes itself. Our board asks for it now.",
        "I can finally answer questions in the meeting instead of after it.",
    ),
    "mobile": (
        "Approving things from my phone between site visits saves me an evening a week.",
        "The mobile view is clean enough that the warehouse uses it too.",
    ),
    "integrations": (
        "Hooking it up to our accounting took an afternoon, and double entry is gone.",
        "The chat notifications mean nothing slips through any more.",
    ),
    "reliability": (
        "Over a year in and not one outage that hurt us.",
        "It just works, which is the nicest thing I can say about software.",
    ),
}
PASSIVE = {
    "price": (
        "Does what we need, but each extra seat makes the conversation with finance harder.",
        "Happy overall. A better discount for paying yearly would help.",
    ),
    "support": (
        "Helpful people, although a reply can take a day or two.",
        "Support is fine. A chat would be quicker than e-mail.",
    ),
    "speed": (
        "Fine most of the time, a bit sluggish on the larger lists.",
        "First thing in the morning it drags, then it is all right.",
    ),
    "onboarding": (
        "Good once you know it, but it took the team a while. Short videos would help.",
        "I would like a simple guide to hand to new colleagues.",
    ),
    "reporting": (
        "Standard reports are good. I would like to choose the columns myself.",
        "Charts look nice but I still rebuild them for my slides.",
    ),
    "mobile": (
        "I can read everything on my phone, but for typing I go back to the desk.",
        "Too many notifications at once; let me pick which ones I get.",
    ),
    "integrations": (
        "A few more integrations and I would recommend it without thinking.",
        "If it talked to our HR system I could bring two more teams on board.",
    ),
    "reliability": (
        "Solid enough. About once a month I have to reload and try again.",
        "No real complaints. A clearer status page would be reassuring.",
    ),
}
DETRACTOR = {
    "price": (
        "The price went up with three weeks' notice and we had to redo our budget.",
        "We are paying for features nobody here uses. There is no plan for small teams.",
    ),
    "support": (
        "Three tickets, three copy-and-paste answers, and a week until somebody read the question.",
        "Every time our contact changes I start explaining from zero.",
        "When it is urgent I cannot get anybody on the phone.",
    ),
    "speed": (
        "Opening a list takes ten seconds or more. People go and get coffee.",
        "It has become slower over the last months. Some of us are back on spreadsheets.",
    ),
    "onboarding": (
        "So many settings that only two of us dare to touch it.",
        "We were left alone after the kick-off and are still guessing.",
    ),
    "reporting": (
        "I cannot get the one figure I need, so I export and add it up by hand every month.",
        "The export does not match the screen. I no longer trust either.",
    ),
    "mobile": (
        "On a phone it is unreadable, so the people on site do not use it.",
        "The app crashed and lost what I had typed. Twice.",
    ),
    "integrations": (
        "The link to our ERP stops every other week and we load the data by hand.",
        "We bought it for an integration that turned out to need a developer.",
    ),
    "reliability": (
        "It went down twice on our busiest day of the month and nobody told us anything.",
        "I report bugs and never hear whether they were fixed.",
    ),
}
SHORT = {
    "promoter": ("Great product, great people.", "Keep it up!", "Love it.", "No complaints."),
    "passive": ("It's okay.", "Does the job.", "Nothing in particular.", "Room to grow."),
    "detractor": ("Disappointed.", "Not what we were promised.", "We are looking elsewhere."),
}
BEFORE = {
    "promoter": ("We use it every day.", "", ""),
    "passive": ("Mostly positive.", "", ""),
    "detractor": ("Honest answer:", "Sorry to be blunt.", ""),
}
AFTER = {
    "promoter": ("I have already told two other teams about it.", "Thank you!", ""),
    "passive": ("Would be a 9 otherwise.", "", ""),
    "detractor": ("Please fix this.", "I doubt we will renew like this.", ""),
}
