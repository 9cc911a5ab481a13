"""The words by which English, French and German clauses are told apart, each with why it is here. Data, pure.

The terms are those of the GDPR, of the ePrivacy rules and of the privacy laws of US states. Patterns are regular
expressions for lower-case text with bounded quantifiers; they begin at the beginning of a word.
"""

from __future__ import annotations

from monitor.model import Topic

Entry = tuple[str, str]

topics: dict[Topic, tuple[Entry, ...]] = {
    Topic.COLLECTION: (
        (r"collect|gather|harvest|telemetry|(?:we|app|apps|it|service) (?:may |also |automatically )?(?:read|access|record|log|capture|receive|obtain)s?\b", "GDPR 4(2): collection"),
        (r"categories of (?:personal )?(?:data|information)|(?:data|information) (?:that )?(?:you|we) (?:provide|receive|obtain)|you provide", "GDPR 14: categories"),
        (r"(?:asks?|request|need) (?:for )?(?:access|permission) to|access to your (?:camera|microphone|contacts|photos|location)", "device permissions"),
        (r"donn[ée]es (?:trait|collect)[ée]es|verarbeitete daten|collecte|recueill|recueil|collectons|erheb|erfass|data bought|data from", "the same in French and German"),
    ),
    Topic.PURPOSE: (
        (r"purpose|use (?:your|the|this|it) (?:\w{1,20} ){1,4}(?:to|for)\b|used (?:to|for)|uses? of your|so that we can", "GDPR 5(1)(b): purpose limitation"),
        (r"to (?:improve|enhance|develop|provide|analy[sz]e|operate|deliver) (?:our|the|your|new|you)", "the commonest purposes"),
        (r"legitimate interest|legal bas[ie]s|lawful bas[ie]s|performance of (?:a|the|our) contract", "GDPR 6: the ground"),
        (r"finalités?|intérêts? légitimes?|base légale|bases légales|zweck|rechtsgrundlage|berechtigte\w{0,20} interesse", "the same in French and German"),
    ),
    Topic.PROFILING: (
        (r"profiling|profiles? (?:of|about) you|personali[sz]|automated(?: individual)? decision|infer(?:s|red|ences?)\b", "GDPR 4(4) and 22"),
        (r"algorithm|recommendations?\b|recommend(?:s|ed)? (?:content|you|to)|machine learning|train(?:ing)?\b[^.;]{0,30}\b(?:models?|ai|algorithms?)|artificial intelligence", "matching and training"),
        (r"profilage|personnalis|décision automatisée|profilbildung|automatisierte entscheidung|algorithm", "the same in French and German"),
    ),
    Topic.ADVERTISING: (
        (r"advert|marketing|promotion|sponsor|newsletter|retarget|(?:targeted|personali[sz]ed|interest-based|show) ads\b|ads?\b", "GDPR 21(2), CCPA: targeted advertising"),
        (r"publicit|prospection|communications? (?:ciblée|commerciale|marketing)|werbung|werbe", "the same in French and German"),
    ),
    Topic.SHARING: (
        (r"shar(?:e|es|ed|ing)\b|disclos|sell(?:s|ing)?\b|sold\b|sale of|resell|on our behalf|passe?[sd]? (?:it|them|your data) on", "GDPR 4(9), CCPA sale and share"),
        (r"third[- ]part(?:y|ies)(?!['’]?s? (?:audit|website|site|link|app|content|certif|tool|review|assess))|affiliate|partners?\b|service providers?|(?:sub-?)?processors?\b|vendors?\b|recipients?\b|data brokers?", "those who receive"),
        (r"partag|des tiers|sous-traitant|prestataire|destinataire|weitergab|weitergeb|übermitt|dritte[nr]?\b|empfänger|auftragsverarbeit", "the same in French and German"),
    ),
    Topic.CROSS_BORDER: (
        (r"cross-border|international (?:data )?transfers?|transfer(?:red|s)?\b[^.;]{0,40}\b(?:countr|outside|abroad|international|overseas|to the us|united states)|outside (?:of )?(?:the |your )(?:eea|eu|uk|country|european)", "GDPR chapter V"),
        (r"standard contractual|adequacy|privacy (?:shield|framework)|binding corporate|third countr|european economic area|transferred to [A-Za-z]", "GDPR 45 to 47: the ways abroad"),
        (r"(?:servers?|stored|hosted|processed|data cent(?:er|re)s?) (?:that are )?(?:located )?(?:on servers )?in (?:the )?(?:people|united|europe|germany|ireland|china|singapore|us\b|usa|canada|india|japan|country)", "where the data lie"),
        (r"(?:data|information) transfers?\b|transfers? of (?:your )?(?:personal )?(?:data|information)\b|transferts? de (?:vos )?données|daten(?:über|trans)\w{2,12} in", "what such a section is called"),
        (r"pays tiers|hors de l.?(?:union|ue|eee)|clauses contractuelles|drittl[aä]nd|drittstaat|standardvertragsklausel|angemessenheit", "the same in French and German"),
    ),
    Topic.RETENTION: (
        (r"retain|retention|storage period|how long|as long as (?:necessary|needed|required)|stored for|kept for|keeps? (?:your|the|it|them|recordings|logs?)\b[^.;]{0,60}\b(?:for|until|as long)", "GDPR 5(1)(e), 13(2)(a)"),
        (r"(?:until|when|after) you (?:delete|close|remove)|deleted? (?:after|within)|delete your \w{1,20} when", "the end of keeping"),
        (r"durée de conservation|conserv(?:ons|é|ation)|speicherdauer|aufbewahr|löschfrist|speicherfrist", "the same in French and German"),
    ),
    Topic.SECURITY: (
        (r"securit|encrypt|breach|safeguard|pseudonymi|anonymi[sz]|firewall|unauthori[sz]ed|access control|backups?\b|penetration test", "GDPR 32 to 34"),
        (r"sécuri|chiffr|datensicherheit|verschlüssel|sicherheitsma", "the same in French and German"),
    ),
    Topic.RIGHTS: (
        (r"(?:the |a )?rights? to (?:access|correct|delete|eras|object|restrict|know|obtain|request|opt|lodge|withdraw|data port|be forgotten|complain)|your (?:\w{1,20} )?rights\b|(?:data subject|privacy|consumer) rights", "GDPR chapter III"),
        (r"erasure|rectif|portab|object to|opt[- ]?out|opting out|withdraw|complain|lodge a|request (?:access|deletion|erasure|a copy|that we)|delete your|deletion request", "rights by name"),
        (r"(?:respond|answer|reply)\b[^.;]{0,30}\brequests?|your request|requests? within|on request|free of charge|copies (?:are|of)", "GDPR 12: requests"),
        (r"droits? (?:d|de|à)\b|vos droits|opposer|effacement|retirer|retrait du consentement|se désabonner|désactiver|réclamation|abbestellen|recht auf|ihre rechte|widerspr|widerruf|auskunft|löschung|beschwerde", "the same in French and German"),
    ),
    Topic.MINORS: (
        (r"minors?\b|child|under the age|under \d\d\b|years? (?:old|of age)|parent|guardian|teen", "GDPR 8, COPPA"),
        (r"mineurs?\b|enfants?\b|minderjähr|kinder|jugendlich", "the same in French and German"),
    ),
    Topic.COOKIES: (
        (r"cookie|sdks?\b|web beacon|pixels?\b|local storage|tracking technolog|trackers?\b|traceur|tag manager", "ePrivacy 5(3): what is put on the device"),
    ),
    Topic.CONSENT: (
        (r"consent|agree(?:s|d|ing)? (?:to|that|with)|you agree|permission to (?:use|process)|opt[- ]?in\b|opting in", "GDPR 7"),
        (r"consentement|einwillig|zustimm", "the same in French and German"),
    ),
    Topic.CONTACT: (
        (r"contact (?:us|our|the|details|information)|write to (?:us|our)|reach us|reach out|get in touch|data protection officer|dpo\b", "GDPR 13(1)(a), (b)"),
        (r"representative|registered (?:office|address)|mailing address|by (?:e-?mail|post|mail) (?:at|to)|(?:data )?controller|is operated by", "who and where"),
        (r"contactez|nous contacter|délégué à la protection|responsable du traitement|représentant|kontakt|datenschutzbeauftragt|verantwortliche|vertreter", "the same in French and German"),
    ),
    Topic.DATES: (
        (r"last (?:updated|modified|revised|update)|effective(?: date| as of|:| from| on|ness)?\b|updated\b|(?:date|as) of last|version of|in force", "the policy's own dates"),
        (r"(?:material )?changes? (?:to )?(?:this|our|the) (?:privacy )?(?:policy|notice|statement|terms)|material changes|we (?:may|will) (?:update|change|amend|modify) (?:this|our|the)", "telling of changes"),
        (r"(?:we have|we['’]ve) (?:updated|changed|revised) (?:our|this)", "the notice of a new edition"),
        (r"dernière mise|mis(?:e)? à jour (?:notre|nos|la|cette)|mise à jour|en vigueur|stand:|gültig ab|zuletzt aktualisiert", "the same in French and German"),
    ),
}  # fmt: skip

burdens: dict[str, Entry] = {
    "share": (
        r"shar(?:e|es|ed|ing)\b|disclos\w{0,20}|sell(?:s|ing)?\b|sold\b|transfer(?:s|red)?\b(?! (?:of|is|are))|partage(?:ons|r)?\b|communiqu(?:ons|er)\b|weitergeben|übermitteln",
        "data go to others",
    ),
    "advertise": (
        r"advertis\w{0,20}|(?:targeted |personali[sz]ed )?ads\b|marketing\b|publicit\w{0,20}|werbung",
        "GDPR 21(2)",
    ),
    "profile": (
        r"profiling|personali[sz]\w{0,20}|automated decision\w{0,20}|build profiles?|profilage",
        "GDPR 22",
    ),
    "train": (
        r"train(?:ing)?\b(?! (?:our|the|its|their)? ?(?:staff|employees|personnel))",
        "contents feed machines",
    ),
    "combine": (r"combin(?:e|es|ed|ing)\b|merge\b", "profiles are made by joining"),
    "track": (r"track(?:s|ed|ing)?\b|monitor(?:s|ed|ing)?\b", "watching across services"),
}

stated: dict[str, Entry] = {
    "collect": (
        r"collect\w{0,20}|gather\w{0,20}|read(?:s|ing)?\b|access(?:es)?\b(?! to| control| your (?:data|personal))|record(?:s|ed)?\b(?= your)|erheben|collect(?:ons|er)\b",
        "that it is told may only be new honesty",
    ),
    "place": (
        r"cookies?\b[^.;]{0,24}\b(?:set|placed|dropped|stored)\b|(?:set|place|drop|store)s? (?:\w{1,20} ){0,3}cookies?\b",
        "ePrivacy 5(3)",
    ),
    "use": (r"use(?:s|d)?\b|process(?:es|ed)?\b|utilis(?:ons|er)\b|verwenden|verarbeiten", "use as such"),
}

benefits: dict[str, Entry] = {
    "delete": (r"delet\w{0,20}|eras(?:e|es|ed|ure)\b|destroy\w{0,20}|löschen|supprim\w{0,20}", "GDPR 17"),
    "answer": (
        r"respond\w{0,20}|repl(?:y|ies)\b|answer\w{0,20}|investigat\w{0,20}|acknowledge\w{0,20}|répond\w{0,20}|antworten",
        "GDPR 12",
    ),
    "notify": (
        r"notif(?:y|ies|ied)\b|inform(?:s|ed)? you|let you know|give you notice|advance notice|prior notice|post (?:a notice|any changes)|inform(?:er|ons)\b|informieren|benachrichtigen",
        "GDPR 13 and 34",
    ),
    "protect": (
        r"encrypt\w{0,20}|end-to-end|anonymi[sz]\w{0,20}|pseudonymi[sz]\w{0,20}|safeguard\w{0,20}|protect(?:s|ed)? (?:your|all)|access controls?|firewalls?|verschlüssel\w{0,20}|chiffr\w{0,20}",
        "GDPR 32",
    ),
    "ask": (
        r"ask (?:for )?your (?:\w{1,20} )?(?:consent|permission)|obtain (?:your|the|parental|verifiable)[^.;,]{0,20} ?consent",
        "GDPR 7",
    ),
    "review": (
        r"human (?:review|intervention)|reviewed by (?:a|our|one of our) (?:human|person|member|employee|adviser|team)"
        r"|(?:member of (?:our )?staff|employee|adviser|person|human|officer) (?:of ours )?(?:re)?views? (?:every|each|all|any|such)",
        "GDPR 22(3)",
    ),
    "stop": (
        r"stop (?:using|processing|collecting|sharing|sending)|cease (?:to|using|processing)",
        "GDPR 18 and 21",
    ),
}

negation = (
    r"\b(?:do|does|did|will|would|shall|should|may|must|can|could|is|are|was|were|has|have)(?: not|n['’]t)\b"
    r"|\bcannot\b|\bcan['’]t\b|\bwon['’]t\b|\bnever\b|\bno longer\b|\bneither\b|\bnor\b|\bnot\b|\bno\b(?= (?:personal|data|information|cookies|\w{3,20} (?:is|are|will|shall|may|can|has|have)\b))"
    r"|\b(?:ne|n['’])\s?\w{2,20} (?:pas|jamais|plus)\b|\bnicht\b|\bkeine[nrsm]?\b|\bniemals\b|\bjamais\b"
)
not_negation = (
    r"\bnot (?:be )?limited to\b|\bnot only\b|\bwhether or not\b|\bif not\b|\bunless not\b|\bor not\b"
)
duty = r"\b(?:shall|must|will|undertakes?|commits? to|are required to|is required to|agree to|doit|doivent|müssen|muss)\b"
permission = (
    r"\b(?:(?<!\d )may(?! \d)|might|could|can|reserves? the right to|peut|peuvent|pouvons|können|kann)\b"
)
person = (
    r"\byou (?:may|can|have (?:the|a) (?:\w{1,20} )?rights?|are entitled|have the option|could|retain the right)\b|\byour (?:\w{1,20} )?rights?\b|\brights? to\b"
    r"|\bvous (?:pouvez|avez le droit|disposez)\b|\bsie (?:können|haben das recht)\b|\bcan be (?:switched|turned) off\b"
)

signs: tuple[tuple[str, float, str, str], ...] = (
    ("breadth", -1, r"\bincluding,? (?:but not limited to|without limitation)|\bsuch as\b|\bamong (?:others|other things)\b|\band (?:other|similar)\b|\betc\b|\bor other\b|\bwithout limitation\b|\bnotamment\b|\binsbesondere\b|\bz\.b\.", "an open list"),
    ("exception", -1.5, r"\bexcept(?:ions?)?\b|\bunless\b|\bexcluding\b|\bsave (?:for|where|as)\b|\bsubject to\b|\bto the extent (?:permitted|required)|\bsauf\b|\bà l.exception\b|\bes sei denn\b|\baußer\b", "a way out"),
    ("discretion", -1, r"\bdiscretion\b|\bwe (?:consider|deem|believe|judge)\b[^.;,]{0,20}\b(?:necessary|appropriate)\b|\bwhere (?:appropriate|permitted|practicable|possible)\b|\breasonabl[ey] (?:efforts?|steps|endeavou?rs)\b|\bas we see fit\b|\bfrom time to time\b|\bgenerally\b|\btypically\b|\bendeavou?r\b", "the duty is the controller's to measure"),
    ("limit", 1, r"\bonly\b|\bsolely\b|\bstrictly\b|\bexclusively\b|\blimited to\b|\buniquement\b|\bnur\b|\bausschließlich\b", "GDPR 5(1)(b), (c)"),
    ("at will", 1, r"\byou (?:may|can) [^.;]{0,80}\bat any time\b", "without a ground of the person's own"),
    ("speed", 1, r"\bpromptly\b|\bimmediately\b|\bwithout (?:undue )?delay\b|\bas soon as\b|\bunverzüglich\b|\bsans délai\b", "GDPR 12, 33"),
    ("strong consent", 2, r"\b(?:explicit|express|prior|affirmative|separate|opt[- ]?in|verifiable)\b[^.;,]{0,20}\bconsent\b|\b(?:only )?if you opt[- ]?in\b|\bopt[- ]in (?:basis|only)\b", "GDPR 9(2)(a), ePrivacy 5(3)"),
    ("consent asked", 1, r"\b(?:with|upon|on the basis of|based on|after|obtain\w{0,20}|ask\w{0,20}(?: for)?|rely on|requires?|unless you give)\b[^.;,]{0,16}\bconsent\b|\bif you (?:agree|consent)\b|\bavec votre (?:accord|consentement)\b|\bmit ihrer einwilligung\b", "GDPR 6(1)(a)"),
    ("own interest", -1, r"\blegitimate (?:business )?interests?\b|\bintérêts? légitimes?\b|\bberechtigte\w{0,20} interesse", "GDPR 6(1)(f) asks nobody"),
    ("implied consent", -2, r"\bby (?:continuing|using|accessing)\b[^.;]{0,60}\byou (?:agree|consent|accept)|\bdeemed (?:to have )?(?:consent|accept|agree)\w{0,20}|\bconstitutes? (?:your )?(?:consent|acceptance|agreement)|\bautomatically (?:enrolled|opted)", "GDPR 4(11): consent is an act"),
    ("opt-out", -1.5, r"\bunless you (?:opt[- ]?out|object|tell us|disable)\b|\buntil you (?:opt[- ]?out|object)\b", "silence counts as yes"),
    ("on by default", -2, r"\b(?:on|enabled|activated|switched on|turned on) by default\b|\bby default,? (?:we|enabled|on)\b", "an opt-out"),
    ("off by default", 2, r"\b(?:off|disabled|deactivated|switched off|turned off) by default\b", "an opt-in"),
    ("free", 1, r"\bfree of charge\b|\bwithout charge\b|\bat no (?:cost|charge)\b|\bgratuit\w{0,20}\b|\bkostenlos\b|\bunentgeltlich\b", "GDPR 12(5)"),
    ("fee", -1, r"\b(?:reasonable|administrative|small) fees?\b|\bcharge (?:you|a)\b|\bfor a fee\b", "GDPR 12(5)"),
    ("no term", -1.5, r"\bindefinite(?:ly)?\b|\b(?:as|so) long as (?:is )?(?:necessary|needed|required|we)\b|\bpermanently (?:keep|store|retain)", "GDPR 5(1)(e): a term must be told"),
    ("penalty", -1, r"\b(?:you )?(?:will|may|might) (?:not be able|no longer be able|lose access)\b|\bcannot use\b|\bunable to (?:use|provide)\b", "a price on a choice"),
    ("user duty", -1, r"\byou (?:must|shall|are required|undertake|warrant|represent)\b(?! be at least)", "a duty of the person"),
    ("waiver", -1.5, r"\bnot (?:be )?(?:liable|responsible)\b|\bat your own risk\b|\bdisclaims?\b|\bno liability\b", "the risk goes to the person"),
    ("no notice", -2, r"\bwithout (?:prior |further |any )?notice\b|\bat any time and without\b", "GDPR 13"),
    ("any time", -1, r"\b(?:we|company) [^.;]{0,30}\bat any time\b", "without a ground"),
)  # fmt: skip

# Words of legal effect beyond privacy: a clause with one of them is never mere wording.
legal = (
    r"liab|warrant|indemn|terminat|suspend|disput|arbitrat|jurisdiction|governing law|governed by|licen[cs]e|intellectual property|copyright|"
    r"ownership|obligat|breach|damages|refund|fees?\b|prohibit|forbid|responsib|prevail|void\b|enforceab|haft|gewährleist|kündig|responsabilit|résili|obligation|garanti"
)

# Contractions, and spelling of the two sides of the Atlantic: left becomes right before words are compared.
variants: tuple[tuple[str, str], ...] = (
    (r"\b(d|l|qu|n|s|j|c|m|t)['’](?=[a-zà-ÿ]{2})", r"\1e "), (r"\bplates-formes\b", "plateformes"),
    (r"\bdo(?:se|es)n['’]?t\b", "does not"), (r"\bdont\b", "do not"), (r"\bisnt\b", "is not"), (r"\bwont\b", "will not"),
    (r"\bwon['’]t\b", "will not"), (r"\bcan['’]t\b|\bcannot\b", "can not"), (r"\bshan['’]t\b", "shall not"),
    (r"n['’]t\b", " not"), (r"(?<=[a-z])['’]re\b", " are"), (r"(?<=[a-z])['’]ll\b", " will"), (r"(?<=[a-z])['’]ve\b", " have"),
    (r"\b(it|that|there|what)['’]s\b", r"\1 is"), (r"\blet['’]s\b", "let us"), (r"\b(\w{3,20})isation(s?)\b", r"\1ization\2"),
    (r"\b(\w{3,20})is(e|es|ed|ing|er|ers)\b", r"\1iz\2"), (r"\b(\w{3,20})ys(e|es|ed|ing)\b", r"\1yz\2"),
    (r"\b((?:dis)?col|(?:dis)?hon|(?:mis)?behavi?|fav|neighb|lab|rum|harb|endeav|sav|vap)our", r"\1or"), (r"\bcentre(s?)\b", r"center\1"),
    (r"\b(cancel|travel|label|model|signal|counsel|fulfil|enrol)l(ed|ing|er)\b", r"\1\2"), (r"\b(fulfil|enrol)l\b", r"\1"), (r"\b(fulfil|enrol)lment\b", r"\1ment"),
    (r"\blicence(s?)\b", r"license\1"), (r"\bdefence\b", "defense"), (r"\bprogramme(s?)\b", r"program\1"), (r"\bcatalogue(s?)\b", r"catalog\1"),
    (r"\bjudgement", "judgment"), (r"\backnowledgement", "acknowledgment"), (r"\bgrey\b", "gray"), (r"\bcheque", "check"),
    (r"\b(whil|among|amid)st\b", r"\1"), (r"\be-mail", "email"), (r"\bon-line\b", "online"), (r"\bweb ?site", "website"), (r"\bweb ?page", "webpage"),
    (r"\blog-in\b|\blogin\b", "log in"), (r"\bsign-up\b|\bsignup\b", "sign up"), (r"\bopt-(in|out)\b", r"opt \1"), (r"\bart\. ", "article "),
)  # fmt: skip

# Words that name the same thing: one for the other is a change of wording.
alike: dict[str, str] = dict(
    pair.split(":")
    for pair in [
        "information:data",
        "informations:données",
        "datas:data",
        "notice:policy",
        "statement:policy",
        "application:app",
        "applications:app",
        "apps:app",
        "site:website",
        "webpage:website",
        "web:website",
        "inquiry:question",
        "enquiry:question",
        "inquiries:question",
        "enquiries:question",
        "phone:telephone",
        "assist:help",
        "assistance:help",
        "obtain:get",
        "purchase:buy",
        "commence:start",
        "individuals:people",
        "persons:people",
    ]
)

# Misspellings that everybody makes: left becomes right.
misspelt: dict[str, str] = dict(
    pair.split(":")
    for pair in [
        "teh:the",
        "wich:which",
        "whith:with",
        "thier:their",
        "recieve:receive",
        "recieves:receives",
        "recieved:received",
        "occured:occurred",
        "occuring:occurring",
        "seperate:separate",
        "seperately:separately",
        "definately:definitely",
        "accomodate:accommodate",
        "untill:until",
        "begining:beginning",
        "beleive:believe",
        "adress:address",
        "adresses:addresses",
        "acheive:achieve",
        "neccessary:necessary",
        "neccesary:necessary",
        "privelege:privilege",
        "priviledge:privilege",
        "publically:publicly",
        "refered:referred",
        "refering:referring",
        "succesful:successful",
        "succesfully:successfully",
        "transfered:transferred",
        "transfering:transferring",
        "wether:whether",
        "writting:writing",
        "existance:existence",
        "independant:independent",
        "maintainance:maintenance",
        "maintenence:maintenance",
        "buisness:business",
        "calender:calendar",
        "commited:committed",
        "concious:conscious",
        "enviroment:environment",
        "goverment:government",
        "govermental:governmental",
        "langauge:language",
        "liason:liaison",
        "ocurred:occurred",
        "paramater:parameter",
        "posession:possession",
        "prefered:preferred",
        "privacey:privacy",
        "proccess:process",
        "recomend:recommend",
        "relevent:relevant",
        "resistence:resistance",
        "responsability:responsibility",
        "sucess:success",
        "supercede:supersede",
        "tommorow:tomorrow",
        "truely:truly",
        "usefull:useful",
        "withold:withhold",
        "informations:information",
        "softwares:software",
        "datas:data",
        "equipments:equipment",
        "advices:advice",
    ]
)

# Words that are told apart although a letter or two is all that differs: never a slip of the pen.
confusable: frozenset[str] = frozenset([
    "country", "county", "content", "consent", "contact", "contract", "contracts", "contacts", "except",
    "accept", "affect", "effect", "personal", "personnel", "ensure", "insure", "assure", "process",
    "progress", "device", "devise", "devices", "devises", "advice", "advise", "minor", "minors", "prior",
    "private", "privates", "immoral", "immortal", "moral", "morale", "causal", "casual", "marital",
    "martial", "united", "untied", "through", "thorough", "though", "thought", "complement", "compliment",
    "council", "counsel", "desert", "dessert", "principal", "principle", "stationary", "stationery",
    "statue", "statute", "quiet", "quite", "lawful", "awful", "legal", "regal", "disclose", "enclose",
    "receiver", "receive", "party", "parry", "able", "unable", "enable", "disable", "relay", "rely",
    "delay", "deny", "defy", "provider", "provided", "access", "excess", "assess", "erasure", "measure",
    "collect", "correct", "retain", "regain", "attain", "detain", "obtain", "restrict", "district",
    "subject", "object", "reject", "inject", "export", "expert", "import", "report", "deport", "erase",
    "lease", "release", "increase", "decrease",
])  # fmt: skip

empty: frozenset[str] = frozenset([
    "a", "an", "the", "this", "that", "these", "those", "of", "to", "in", "on", "at", "for", "by", "with",
    "as", "is", "are", "was", "were", "be", "been", "being", "has", "have", "had", "do", "does", "did",
    "and", "it", "its", "which", "who", "whom", "whose", "where", "when", "there", "here", "so", "then",
    "than", "also", "just", "very", "please", "such", "any", "some", "le", "la", "les", "un", "une", "des",
    "du", "de", "et", "à", "au", "aux", "en", "par", "pour", "sur", "ce", "cet", "cette", "ces", "qui",
    "que", "dont", "est", "sont", "der", "die", "das", "den", "dem", "ein", "eine", "einen", "einem",
    "einer", "und", "im", "am", "auf", "zu", "zum", "zur", "von", "vom", "mit", "für", "ist", "sind",
    "following", "below", "above", "herein", "présente", "présent", "que", "en", "se", "ne", "me", "te", "je", "hereby", "thereof", "mentioned", "respective", "relevant",
])  # fmt: skip
