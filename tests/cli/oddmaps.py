"""Maps of three registers of odd make, invented, as a stranger writes them from docs/import.md."""

MINISTRY = """
name = "treaty-section"

[table]
sheet = "Register"
header = [4, 5]                   # two lines: Signature over Date and Place
fill = ["Partner"]                # merged over its agreements
when = { column = "No", like = "[0-9]*" }   # notes follow the table

[defaults]
dates = ["dmy", "serial"]
missing = ["-", "pending"]

[words.kind]
"Memorandum of Understanding" = "mou"
"Treaty" = "treaty"

[streams.own]
kind = "party"
fixed = "Republic of Examplia"

[streams.partner]
kind = "party"
key = "Partner"

[streams.instrument]
kind = "agreement"
key = "No"
slug = "{Title}"

[[facts]]
stream = "own"
type = "PartyRegistered"
on = "../{@recorded}"
keep = ["on"]
[facts.data]
name = "Republic of Examplia"
kind = "state"

[[facts]]
stream = "partner"
type = "PartyRegistered"
on = "../{@recorded}"
keep = ["on"]
[facts.data]
name = "{Partner}"

[[facts]]
stream = "instrument"
type = "AgreementOpened"
on = "../{@recorded}"
keep = ["on"]
[facts.data]
title = "{Title}"
kind = { column = "Title", match = "^(Memorandum of Understanding|Treaty)", words = "kind", default = "unknown" }

[[facts]]
stream = "instrument"
id = "we"
type = "PartyAdded"
on = "../{@recorded}"
keep = ["on"]
[facts.data]
party = { stream = "own" }

[[facts]]
stream = "instrument"
id = "they"
type = "PartyAdded"
on = "../{@recorded}"
keep = ["on"]
[facts.data]
party = { stream = "partner" }

[[facts]]
stream = "instrument"
type = "AgreementSigned"
on = { column = "Signature Date" }
[facts.data]
place = "{Signature Place}"

[[facts]]
stream = "instrument"
type = "EnteredIntoForce"
on = { column = "Entry into force" }
"""

RUSSIAN = """
name = "perechen"

[table]
encoding = "cp1251"
delimiter = ";"

[defaults]
dates = "dmy"
missing = ["нет", "-"]
open_end = ["бессрочно"]

[words.months]
"января" = "1"
"мая" = "5"

[words.phase]
"ТЭО" = "justification"
"Строительство" = "construction"
"не начат" = ""

[streams.party]
kind = "party"
key = "Стороны"
split = ","

[streams.project]
kind = "project"
key = "№ п/п"
slug = "{Проект}"

[streams.agreement]
kind = "agreement"
key = "№ п/п"
slug = "{Проект} agreement"

[[facts]]
stream = "party"
type = "PartyRegistered"
on = "../{@recorded}"
keep = ["on"]
[facts.data]
name = "{Стороны}"

[[facts]]
stream = "project"
type = "ProjectIdentified"
on = "../{@recorded}"
keep = ["on"]
[facts.data]
name = "{Проект}"
sponsors = { all = "party" }

[[facts]]
stream = "agreement"
type = "AgreementOpened"
on = "../{@recorded}"
keep = ["on"]
[facts.data]
title = "{Проект}"
kind = "intent"

[[facts]]
stream = "agreement"
type = "PartyAdded"
on = "../{@recorded}"
keep = ["on"]
[facts.data]
party = { stream = "party" }

[[facts]]
stream = "agreement"
type = "AgreementSigned"
on = { column = "Дата подписания" }

[[facts]]
stream = "agreement"
type = "ValueStated"
on = { columns = ["Дата подписания"], default = "../{@recorded}" }
when = "Сумма, млн"
[facts.data]
amount = { column = "Сумма, млн", as = "amount", decimal = ",", times = 1000000 }
currency = "USD"

[[facts]]
stream = "project"
type = "PhaseObserved"
on = "{@recorded}"
when = "Стадия"
changed = "record"
[facts.data]
phase = { column = "Стадия", words = "phase" }
wording = "{Стадия}"

[[facts]]
stream = "project"
type = "ProjectLinked"
on = "../{@recorded}"
keep = ["on"]
[facts.data]
agreement = { stream = "agreement" }
"""

PER_PARTY = """
name = "per-party"

[defaults]
dates = "ymd"

[words.spelling]
"Sampleland (Kingdom of)" = "Sampleland"

[streams.treaty]
kind = "agreement"
key = "Treaty"

[streams.party]
kind = "party"
key = "Participant"
words = "spelling"

[[facts]]
stream = "party"
type = "PartyRegistered"
on = "../{@recorded}"
keep = ["on"]
[facts.data]
name = "{Participant}"

[[facts]]
stream = "treaty"
type = "AgreementOpened"
on = "../{@recorded}"
keep = ["on"]
[facts.data]
title = "{Treaty}"
kind = "treaty"

[[facts]]
stream = "treaty"
type = "TextAdopted"
on = { column = "Adopted" }
keep = ["on"]                     # every row of a treaty repeats it, not always alike: the first counts

[[facts]]
stream = "treaty"
type = "PartyAdded"
on = "../{@recorded}"
keep = ["on"]
[facts.data]
party = { stream = "party" }

[[facts]]
stream = "treaty"
type = "SignatureAffixed"
on = { column = "Signed" }
[facts.data]
party = { stream = "party" }

[[facts]]
stream = "treaty"
type = "ConsentExpressed"
on = { columns = ["Ratified", "Acceded"] }
[facts.data]
party = { stream = "party" }
form = { value = "ratification" }
"""
