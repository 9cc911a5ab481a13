"""English words (with some French and German for topics) that decide what kind of change a change is, as data. Pure."""

from __future__ import annotations

from monitor.model import Topic

topics: dict[Topic, str] = {
    Topic.COLLECTION: r"collect\w*|gather\w*|we (?:may )?(?:receive|obtain|record|log)|information you provide|device information|"
    r"telemetry|personal (?:data|information) we|sensitive (?:personal )?(?:data|information)|categories of (?:personal )?data|"
    r"collecte\w*|recueill\w*|erheb\w*|erfass\w*|données (?:que nous|collectées|traitées)|inputs?|prompts?|precise location|biometric\w*",
    Topic.PURPOSE: r"purposes?|in order to|so that we can|to (?:improve|develop|provide|personali[sz]e|train|analy[sz]e|operate|detect)|"
    r"use (?:your|the|this|personal) (?:data|information)|legal bas[ie]s|legitimate interests?|model training|training|finalités?|"
    r"intérêts? légitimes?|zwecke?n?|rechtsgrundlage\w*|base légale|base juridique",
    Topic.PROFILING: r"profil(?:e|es|ing) (?:of|about|you)|profiling|automated decision\w*|inferences?|personali[sz]\w*|recommendations?|"
    r"algorithm\w*|profilage|algorithme\w*",
    Topic.ADVERTISING: r"advertis\w*|ads?|marketing|promotion\w*|retarget\w*|interest-based|targeted|publicit\w*|werb\w*|newsletters?",
    Topic.SHARING: r"shar(?:e|es|ed|ing)|disclos\w*|third[ -]part(?:y|ies)|affiliates?|partners?|vendors?|service providers?|sell|sold|sale|"
    r"recipients?|subprocessors?|processors?|merger|acquisition|partag\w*|tiers|destinataires?|sous-traitants?|weitergabe|weitergeben|"
    r"dritten?|empfänger|dienstleister\w*|prestataires?",
    Topic.CROSS_BORDER: r"cross-border|international\w* transfer\w*|transfer\w* (?:of |your )?(?:personal )?(?:data |information )?(?:to|outside)|"
    r"outside (?:of )?(?:the )?(?:eea|eu|european|uk|united kingdom|your country)|standard contractual clauses|data privacy framework|"
    r"adequacy|transferts? |hors de l|drittl[aä]nd\w*|clauses contractuelles types|privacy shield|countries",
    Topic.RETENTION: r"retain\w*|retention|kept|keep (?:your|the|it|this|personal)|storage period|stored for|store your|how long|delete[ds]? after|"
    r"conserv\w*|durée de conservation|speicherdauer|aufbewahr\w*|gespeichert|gelöscht|inactivity|inactivité",
    Topic.SECURITY: r"security|encrypt\w*|safeguards?|breach\w*|unauthori[sz]ed|secure\w*|audits?|sécurité|sicherheit\w*|chiffr\w*",
    Topic.RIGHTS: r"rights?|access your|rectif\w*|eras\w*|opt[- ]?out|withdraw\w*|object to|portability|complain\w*|delete your|unsubscrib\w*|"
    r"appeal|request (?:access|deletion|that)|droits?|rectification|effacement|opposition|widerspr\w*|widerruf\w*|beschwerde\w*|"
    r"réclamation|auskunft|account deletion|supervisory authority",
    Topic.MINORS: r"child\w*|minors?|parents?|parental|guardians?|under (?:the age of )?1\d|teen\w*|years of age|enfants?|mineurs?|kinder\w*|"
    r"minderjähr\w*",
    Topic.COOKIES: r"cookies?|sdks?|pixels?|web beacons?|beacons?|tracking technolog\w*|local storage|traceurs?|trackers?|similar technologies",
    Topic.CONSENT: r"consent\w*|opt[- ]?in|your permission|your agreement|consentement\w*|einwillig\w*|agree to",
    Topic.CONTACT: r"contact(?: us)?|e-?mail us|write to us|data protection officer|dpo|representative|registered office|mailing address|"
    r"postal address|phone number at|call us|contacter|contactez|kontakt\w*|datenschutzbeauftragte\w*|délégué à la protection|adresse",
    Topic.DATES: r"last updated?|last modified|last revised|effective(?: date| as of)?|date of (?:last )?(?:update|revision)|updated on|"
    r"dernière mise à jour|date d.entrée en vigueur|en vigueur|date effective|stand:|zuletzt|posted on|version",
}

recipients = (
    r"third[ -]part(?:y|ies)|affiliates?|affiliated companies|partners?|advertisers?|vendors?|service providers?|data brokers?|"
    r"law enforcement|governments?|authorities|subsidiaries|parent company|insurers?|employers?|advertising networks?|ad networks?|"
    r"analytics (?:providers?|companies)|social (?:media|networks?)|processors?|subprocessors?|contractors?|banks?|credit agencies|"
    r"publishers?|sponsors?|researchers?|group companies|the public|other users|resellers?|investors?|credit reference agencies"
)
rights = (
    r"access|rectif\w+|correct(?:ion)?|eras\w+|delet\w+|withdraw\w*|object(?:ion)?|restrict(?:ion)?|port(?:ability|able)?|complain\w*|"
    r"opt[- ]?out|unsubscribe|appeal|download|export|copy|copies|review|human review|be forgotten|refuse|limit"
)
protections = r"encrypt\w*|anonymi[sz]\w*|pseudonymi[sz]\w*|de-?identif\w*|hash\w*|aggregat\w*|access controls?|audits?|minimi[sz]\w*"

negation = (
    r"(?:will|shall|do|does|did|may|must|should|would|are|is|was|were|has|have|can) not|cannot|\w+n['’]t|never|no longer|not|without|nor|neither|"
    r"(?<!\w)no(?= (?:data|personal|information|third))|prohibit\w*"
)
user_barred = r"you (?:can|may|will|shall|do|must) not|you (?:cannot|can['’]t|don['’]t)|you (?:will )?no longer|not be able to"
duty = r"shall|must|will|undertakes?|commit(?:s|ted)?|guarantees?|ensures?|(?:is|are) (?:required|obliged) to|always"
permission = r"may|might|can|could|reserves? the right|at our (?:sole )?discretion|(?:is|are) (?:permitted|entitled|allowed) to"
hedge = (
    r"etc|including,? (?:but not limited to|without limitation)|such as|for example|e\.g|where possible|generally|typically|usually|normally|"
    r"reasonabl[ey]|from time to time|in some cases|in certain (?:cases|circumstances)|as appropriate|if possible|other similar|"
    r"and (?:other|similar)|or other|at our discretion|endeavou?r|strive|best efforts|try to|aim to|where (?:feasible|practicable)|may|might"
)
exception = (
    r"unless|except(?:ion|ions|ing)?(?: for| that| where| when)?|excluding|notwithstanding|does not apply|do not apply|save (?:for|where|that)|"
    r"other than|without (?:your )?(?:prior )?(?:consent|notice)|subject to"
)
limit = r"only|solely|strictly|exclusively|limited to|necessary|minimum"
consent = r"consent\w*|opt[- ]?in|your (?:prior )?(?:permission|authori[sz]ation|agreement)"
deemed = r"deemed (?:to )?(?:consent|accept|agree)\w*|by (?:using|continuing)[^.;]{0,60}(?:you )?(?:consent|agree|accept)|by default"
user = r"you (?:may|can|will|shall|must|should|have|are|could|might|cannot|do)|users? (?:may|can|must|shall|have|are)|your right"
company = r"we|our|us|company|controller"
harm = (
    r"collect\w*|shar(?:e|es|ed|ing)|sell\w*|sold|sale|disclos\w*|transfer\w*|us(?:e|es|ed|ing) (?:your|the|this|these|personal|it|such|them)|track\w*|"
    r"profil\w*|target\w*|advertis\w*|monitor\w*|obtain\w*|receiv\w*|record\w*|train\w*|combin\w*|provide (?:your|it|personal|them|such)[^.;]{0,60} to|"
    r"rent|lease|trade"
)
protect = (
    r"encrypt\w*|anonymi[sz]\w*|pseudonymi[sz]\w*|delet\w*|eras\w*|notif\w*|inform you|tell you|protect\w*|secur\w*|safeguard\w*|audit\w*|"
    r"ask (?:for )?your|obtain your|respond|destroy\w*|remov\w*|compensat\w*|seek your"
)
disclaimer = r"not (?:be )?(?:liable|responsible)|no (?:liability|warranty|responsibility)|at your own risk|disclaim\w*"
user_window = r"you (?:may|can|have|must|are entitled)[^.;]{0,60}$"

grammar_words = (
    "a an the to of that which this these those it its is are be been being in on at by for with as also our your we you us and "
    "so then here there please just very such s from into upon about regarding i.e namely when while "
    "le la les un une des du de d l que qui à au aux ce cette ces et en par pour sur nous vous votre vos nos notre est sont "
    "der die das den dem des ein eine einen einem einer und zu im in am auf mit von wir sie ihre ihr unser unsere ist sind"
)
synonyms = (
    ("article", "art", "articles"),
    ("recognise", "recognize"),
    ("information", "info"),
    ("website", "site", "web"),
    ("display", "view", "see", "afficher", "voir", "show"),
)
furniture = (
    r"\(?\b(?:opens|open) in (?:a )?new (?:tab|window)\)?|\(?(?:s['’])?ouvre (?:dans )?une? nouvel(?:le)? (?:fenêtre|onglet)\)?|"
    r"\[email[\s\u00a0]protected\]|link opens in a new window|skip to (?:main )?content|back to top|"
    r"\(?wird in (?:einem )?neuen (?:fenster|tab) geöffnet\)?|print(?: and save as pdf)?|在新窗口(?:中)?打开|回到顶部|返回顶部"
)
