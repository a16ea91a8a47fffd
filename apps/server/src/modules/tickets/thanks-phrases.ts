// In small letters without accents and apostrophes, as `isPlainThanks` reads. `(a|b|)` stands for each of them, or nothing.
// What thanks in advance asks for something, and what answers yes or no decides something: neither is in here.

/** Without one of these nothing is thanks. */
export const thanks: readonly string[] = [
  '(many|) thanks (again|a lot|a bunch|a million|a ton|so much|very much|everyone|all|)',
  'thank you (again|so much|very much|a lot|both|all|) (indeed|again|)',
  '(thx|thnx|tnx|tx|ty|tysm|thankyou)',
  '(i|we|) (really|very much|so|) appreciate (it|that|this|your help|the help|your support)',
  '(much|greatly|very much|) appreciated',
  '(i am|im|we are) (very|so|really|) grateful',
  '(that is|thats|) (very|so|really) kind (of you|)',
  'hvala (lepa|lepo|najlepsa|enkrat|vam|ti|vsem|puno|vam lepa|vam lepo|ti lepa) (se enkrat|)',
  '(se enkrat|) (najlepsa|lepa|prisrcna|iskrena|velika|ogromna|puno|) hvala',
  '(se|) (vam|ti|) (lepo|najlepse|iskreno|) (zahvaljujem|zahvaljujemo)',
  '(zahvaljujem|zahvaljujemo) se (vam|ti|) (lepo|najlepse|iskreno|)',
  '(tusen|mange|hjertelig|) takk (igjen|enda en gang|sa mye|til dere|)',
  '(tusen|mange|) takk skal (du|dere) ha',
  '(jeg|vi|) setter (stor|veldig|) pris pa (det|hjelpen)',
  'danke (schon|schoen|sehr|dir|euch|ihnen|vielmals|nochmal|nochmals|ihnen sehr|) (nochmal|nochmals|)',
  '(vielen|besten|herzlichen|tausend|vielen lieben|) dank (nochmal|nochmals|)',
  '(ich bedanke mich|wir bedanken uns|ich danke|wir danken) (ihnen|dir|euch|) (herzlich|vielmals|sehr|)',
  '(dankeschon|dankeschoen|merci)',
]

/** What stands beside thanks: how one greets and closes, and that all is well. */
export const besides: readonly string[] = [
  // English
  '(hi|hello|hey|dear) (there|all|everyone|team|)',
  'good (morning|afternoon|evening|day)',
  '(ok|okay|great|perfect|super|wonderful|excellent|awesome|brilliant|fantastic|amazing|lovely|cool|nice|good|very good)',
  '(sounds good|got it|understood|noted|received|all good|all clear|all set|all fine) (now|)',
  '(it|that|this|everything) (works|worked|is working|is fine|is perfect) (now|again|perfectly|fine|great|)',
  '(works|worked) (now|again|perfectly|fine|great|like a charm|)',
  '(problem|issue) (solved|resolved|fixed)',
  '(that|it) (solved|fixed) (it|the problem|my problem|the issue|my issue)',
  '(that is|thats|that was) (all|all i needed|perfect|great|very helpful|helpful)',
  '(very|so|really|) helpful',
  'no (problem|worries)',
  '(you too|same to you|take care|again|and|so|really)',
  'have a (nice|good|great|lovely|wonderful|pleasant) (day|evening|weekend|week|afternoon|one) (too|ahead|)',
  '(best|kind|warm|kindest|warmest|) regards',
  '(best|best wishes|all the best|sincerely|yours|yours sincerely|cheers)',
  '(you are|youre) (the best|great|amazing|a star)',
  // Slovenian
  '(pozdravljeni|pozdravljena|pozdravljen|spostovani|zivjo|zdravo|hej|dober dan|dobro jutro|dober vecer)',
  '(lep pozdrav|lepe pozdrave|lp|z lepimi pozdravi|s spostovanjem|s prijaznimi pozdravi)',
  '(lep|prijeten) (dan|vikend|teden|vecer) (se naprej|zelim|vam zelim|tudi vam|tudi tebi|)',
  '(enako|tudi vam|tudi tebi|srecno|nasvidenje|adijo|se enkrat|lepo se imejte)',
  '(super|odlicno|krasno|perfektno|fantasticno|cudovito|fajn|kul|top|okej|v redu|vredu|velja|razumem|prejeto)',
  '(zdaj|) (vse|) (deluje|dela|stima|je v redu|je ok|je urejeno|je reseno)',
  '(reseno|urejeno|to je vse|to bo vse|res|zelo|in)',
  'ste (super|najboljsi|zakon|res super)',
  // Norwegian
  '(hei|hallo|god dag|god morgen|god kveld) (igjen|alle|)',
  '(supert|flott|topp|perfekt|fint|bra|kjempebra|kjempefint|utmerket|stralende|herlig|knall|okei|greit|mottatt)',
  '(den er grei|da vet jeg det|i orden|alt i orden|alt er i orden|i like mate)',
  '(det|dette) (er|var) (greit|fint|bra|flott|supert|topp|veldig bra)',
  '(det|den|alt) (fungerer|virker|funker) (na|igjen|fint|bra|)',
  'na (fungerer|virker|funker) (det|den|alt) (igjen|fint|)',
  'ha en (fin|god|flott|fortsatt fin|riktig god) (dag|helg|kveld|uke|ettermiddag) (videre|)',
  '(god|fin) (helg|kveld|dag|jul|paske)',
  '(med|) vennlig hilsen',
  '(beste|mange|hjertelig|) hilsen (fra|)',
  '(ha det|ha det bra|mvh|vh|klem|og|sa|veldig)',
  '(dere|du) er (best|flink|flinke|fantastisk|fantastiske)',
  // German
  '(guten tag|guten morgen|guten abend|moin|servus|hallo zusammen)',
  '(liebe|lieber|liebes|sehr geehrte|sehr geehrter) (damen und herren|team|)',
  '(perfekt|prima|toll|klasse|wunderbar|spitze|sehr gut|gut|bestens|alles klar|alles gut|alles bestens|in ordnung|passt)',
  '(hat|es hat) (geklappt|funktioniert)',
  '(es|alles|) (funktioniert|geht|klappt|lauft) (jetzt|wieder|jetzt wieder|einwandfrei)',
  'jetzt (funktioniert|geht|klappt) (es|alles) (wieder|)',
  '(einen|) (schonen|schoenen) (tag|abend) (noch|)',
  '(schones|schoenes) wochenende',
  '(ebenso|ihnen auch|gleichfalls|und|sehr|das war alles|das wars|das war super)',
  '(viele|liebe|beste|herzliche|freundliche|schone|) (grusse|gruesse|gruss)',
  'mit (freundlichen|besten|lieben|herzlichen) (grussen|gruessen)',
  '(mfg|lg|vg)',
]

/** For what somebody thanks. */
export const reasons: readonly string[] = [
  'for (your|the|all your|all the|all of your|) (very|super|so|) (quick|fast|prompt|swift|kind|great|friendly|excellent|) (help|reply|response|answer|support|assistance|service|information|info|update|explanation|time|effort|efforts|message|email|work|advice|confirmation|clarification)',
  'for (everything|helping|helping me|helping us|helping out|letting me know|letting us know|getting back to me|sorting it out|sorting this out|fixing it|fixing this|the quick fix|being so helpful)',
  'za (vaso|vso|tvojo|hitro|vso vaso|vaso hitro|prijazno|) (pomoc|podporo|informacijo|odzivnost|prijaznost|potrditev|razlago|resitev)',
  'za (vas|tvoj|hiter|vas hiter|prijazen|ves|) (odgovor|odziv|nasvet|trud|cas|servis)',
  'za (vse|informacije|pojasnilo|pojasnila|obvestilo|sporocilo|razumevanje)',
  'for (all|den|det|deres|din|) (raske|rask|raskt|god|gode|fin|fine|flott|) (hjelp|hjelpen|hjelpa|svar|svaret|tilbakemelding|tilbakemeldingen|info|informasjon|informasjonen|service|stotte|oppfolging|oppfolgingen|beskjed|beskjeden|alt|tiden)',
  '(fur|fuer) (die|ihre|eure|deine|all ihre|) (schnelle|rasche|gute|tolle|nette|freundliche|prompte|) (hilfe|antwort|unterstutzung|unterstuetzung|ruckmeldung|rueckmeldung|info|information|informationen|auskunft|bearbeitung|erklarung|muhe|muehe)',
  '(fur|fuer) (alles|den schnellen service|den tollen service|den guten service|den support|den tipp|ihr bemuhen)',
]
