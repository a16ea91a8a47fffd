import type { SurveyContent } from '@lahko/contract/surveys'

/** The same text in the product's three languages. */
export type InThree = { en: string; sl: string; nb: string }
type ReasonSet = SurveyContent['reasons'][number]
type ReasonOption = ReasonSet['options'][number]

export function say(en: string, sl: string, nb: string): InThree {
  return { en, sl, nb }
}

const whyHard = say('What made it hard?', 'Zakaj je bilo težko?', 'Hva gjorde det vanskelig?')
const whyBetween = say('What could have been easier?', 'Kaj bi lahko bilo lažje?', 'Hva kunne vært enklere?')
const whyEasy = say('What made it easy?', 'Zakaj je bilo enostavno?', 'Hva gjorde det enkelt?')

const somethingElse: ReasonOption = { id: 'something-else', label: say('Something else', 'Nekaj drugega', 'Noe annet') }

/** Option ids with their labels. The same id in two libraries' sets means the same cause. */
const hard = {
  'explained-twice': say(
    'I had to explain it more than once',
    'Zadevo je bilo treba razložiti večkrat',
    'Jeg måtte forklare det mer enn én gang',
  ),
  'too-many-steps': say('Too many steps', 'Preveč korakov', 'For mange trinn'),
  'waited-too-long': say('I waited too long', 'Predolgo čakanje', 'Jeg måtte vente for lenge'),
  'unclear-answer': say('The answer was unclear', 'Odgovor ni bil jasen', 'Svaret var uklart'),
  'not-on-site': say(
    'I could not find it on the site',
    'Na spletni strani tega ni bilo mogoče najti',
    'Jeg fant det ikke på nettstedet',
  ),
  'passed-around': say(
    'I was passed from one to another',
    'Prevezovali so me od enega do drugega',
    'Jeg ble sendt fra den ene til den andre',
  ),
  'hard-to-find': say('It was hard to find', 'Težko je bilo najti', 'Det var vanskelig å finne'),
  'not-my-case': say('It did not fit my case', 'Ni ustrezalo mojemu primeru', 'Det passet ikke for meg'),
  'too-long': say('Too long to read', 'Predolgo za branje', 'For langt å lese'),
  outdated: say('It is out of date', 'Ni več aktualno', 'Det er utdatert'),
  'did-not-work': say('Something did not work', 'Nekaj ni delovalo', 'Noe virket ikke'),
  'signing-in': say('Signing in', 'Prijava', 'Innloggingen'),
  'unclear-price': say('The price was unclear', 'Cena ni bila jasna', 'Prisen var uklar'),
  paying: say('Paying', 'Plačilo', 'Betalingen'),
  late: say('It came late', 'Prišlo je prepozno', 'Det kom for sent'),
  'no-news': say(
    'I did not know when it would come',
    'Ni bilo jasno, kdaj bo prišlo',
    'Jeg visste ikke når det ville komme',
  ),
  'far-away': say('I had to go too far for it', 'Predaleč za prevzem', 'Jeg måtte reise for langt for å hente det'),
  damaged: say(
    'Something was missing or damaged',
    'Nekaj je manjkalo ali bilo poškodovano',
    'Noe manglet eller var skadet',
  ),
  label: say('Getting or printing the label', 'Nalepka za vračilo', 'Å få eller skrive ut returlappen'),
  'slow-refund': say('The money came back slowly', 'Denar je bil vrnjen počasi', 'Pengene kom sent tilbake'),
  'unclear-rules': say('The rules were unclear', 'Pravila niso bila jasna', 'Reglene var uklare'),
  'no-good-time': say('No time that suited me', 'Ni bilo ustreznega termina', 'Ingen time som passet'),
  'hard-to-change': say('It was hard to change', 'Težko je bilo spremeniti', 'Den var vanskelig å endre'),
} as const satisfies Record<string, InThree>

const easy = {
  'solved-at-once': say('Solved at once', 'Rešeno takoj', 'Løst med én gang'),
  'nothing-asked-twice': say(
    'Nothing asked twice',
    'Ničesar ni bilo treba ponavljati',
    'Ingenting måtte sies to ganger',
  ),
  'clear-answer': say('Clear answer', 'Jasen odgovor', 'Tydelig svar'),
  'found-on-site': say('I found it on the site', 'Odgovor je bil na spletni strani', 'Jeg fant det på nettstedet'),
  'few-steps': say('Few steps', 'Malo korakov', 'Få trinn'),
  'quick-to-find': say('Quick to find', 'Hitro najdeno', 'Raskt å finne'),
  'clear-words': say('Clear words', 'Jasne besede', 'Tydelige ord'),
  'good-pictures': say('Helpful pictures', 'Uporabne slike', 'Nyttige bilder'),
  'clear-price': say('Clear price', 'Jasna cena', 'Tydelig pris'),
  'on-time': say('It came on time', 'Prišlo je pravočasno', 'Det kom i rett tid'),
  'good-news': say(
    'I always knew where it was',
    'Vedno je bilo jasno, kje je',
    'Jeg visste hele tiden hvor pakken var',
  ),
  'quick-refund': say('The money came back quickly', 'Denar je bil vrnjen hitro', 'Pengene kom raskt tilbake'),
  'good-time': say('A time that suited me', 'Ustrezen termin', 'En time som passet'),
} as const satisfies Record<string, InThree>

/** Three sets of chips, for hard, neither and easy. */
export function reasonSets(hardIds: (keyof typeof hard)[], easyIds: (keyof typeof easy)[]): ReasonSet[] {
  const causes = [...hardIds.map((id) => ({ id, label: hard[id] })), somethingElse]
  return [
    { when: ['hard'], text: whyHard, options: causes },
    { when: ['neither'], text: whyBetween, options: causes },
    { when: ['easy'], text: whyEasy, options: easyIds.map((id) => ({ id, label: easy[id] })) },
  ]
}

export const whatToEase = say('What should we make easier?', 'Kaj naj poenostavimo?', 'Hva bør vi gjøre enklere?')
export const mainReason = say(
  'What is the main reason for your answer?',
  'Kaj je glavni razlog za vašo oceno?',
  'Hva er hovedgrunnen til svaret ditt?',
)

const weSeek = say(
  'Your answer helps us find what to make easier next.',
  'Vaš odgovor nam pomaga najti, kaj naj poenostavimo.',
  'Svaret ditt hjelper oss å finne det vi bør gjøre enklere.',
)

export const thanksForEffort = {
  hard: say(
    'That took more effort than it should have. We read every answer and begin with the hard ones.',
    'To je zahtevalo več truda, kot bi smelo. Preberemo vsak odgovor in začnemo pri težkih.',
    'Det krevde mer enn det burde. Vi leser hvert svar og begynner med de vanskelige.',
  ),
  neither: weSeek,
  easy: say(
    'Good to know that it was easy. We will keep it that way.',
    'Dobro je vedeti, da je bilo enostavno. Tako naj tudi ostane.',
    'Godt å vite at det var enkelt. Slik skal det fortsette å være.',
  ),
}

export const thanksForOpinion = {
  hard: say(
    'That was not good enough. We read every answer and begin with these.',
    'To ni bilo dovolj dobro. Preberemo vsak odgovor in začnemo pri takih.',
    'Det var ikke godt nok. Vi leser hvert svar og begynner med disse.',
  ),
  neither: say(
    'Your answer shows us where we can do better.',
    'Vaš odgovor nam pokaže, kaj lahko izboljšamo.',
    'Svaret ditt viser oss hva vi kan gjøre bedre.',
  ),
  easy: say(
    'Good to know. We will keep it that way.',
    'Dobro je vedeti. Tako naj tudi ostane.',
    'Godt å vite. Slik skal det fortsette å være.',
  ),
}
