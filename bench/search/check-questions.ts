import { wordsOf } from '../../apps/server/src/platform/search/analysing.ts'
import type { Language } from './relevance.ts'

/** Words that carry no content, as they are written, without accents. */
const empty: Record<Language, string> = {
  en: `a about after again all already also always am an and any anything are as at back be because been before
    but by can cannot cant could did didnt do does doesnt dont down each else even ever every everything first for from
    get gets getting go goes going got had has have havent he her here him his how i if im in instead into is isnt it
    its ive just know left like long make many may me more most much must my need never next no nobody not nothing now
    of off on once one only or other our out over own please put same say says see she should since so some somebody
    something still such take tell than that the their them then there these they thing things this those through till
    to today too two under until up us very want was we well were what when where which while who whom whose why will
    with without wont would yet you your youre`,
  sl: `a ali ampak bi bil bila bili bilo bo bodo bom bomo boste brez bosta cez da danes do dobil dobila eden en ena eno
    enega ga gre grem gremo h iz ima imam imamo in jaz je jih jim jo kaj kako kaksen kaksna kaksno kako kam kar katera
    kateri katero kdaj kdo ker kje ki ko koliko kot k lahko le me med meni mi mia mu moj moja moje moji mojega mojo
    morala moram moral na naj naju nam nas nasa ne nek nekaj nekdo ni nic nisem niso nobena o ob od on ona oni pa po pod
    potem prav pred prej pri s sam sama samo se sebe sem si smo so spet sta ste svoj svoja svoje svojo ta tako tam te
    ti to toda tudi tukaj v vam vas vasa vase vec ves vse vsak vsa z za zakaj ze zdaj zelo`,
  nb: `a all alle alt an andre annet at av bare ble bli blir bort bra bruk bruker da de deg dem den denne deres det
    dette din ditt dine disse dit du eller en enda enn er et etter fa far fatt fikk finnes flere for fordi fra for gar
    gang ga gikk gjor gjore gjort god ha hadde han har hele helt hennes her hjem hos hun hva hvilken hvilke hvilket hver
    hvem hvis hvor hvordan hvorfor i igjen ikke inn ingen jeg jo kan kanskje kom kommer kunne la ligger litt ma mange
    med meg meg mellom men mens mer mest min mine mitt mot mye na nar noe noen nok oss og ogsa om opp over pa rett sa
    sann se ser seg selv si sier siden sin sitt skal skulle slik som sta star ta tar til tilbake to under ut uten var
    vare vart ved vi vil ville vaere vaert`,
}

const emptyStems = Object.fromEntries(
  Object.entries(empty).map(([language, text]) => [language, new Set(stemsOf(language, text))]),
) as Record<Language, Set<string>>

function stemsOf(language: string, text: string): string[] {
  return wordsOf(language, text).flatMap((forms) => forms.map(({ stem }) => stem))
}

/** The content words that a question shares with a title, as stems. */
export function sharedStems(language: Language, question: string, title: string): string[] {
  const inTitle = new Set(stemsOf(language, title))
  return [...new Set(stemsOf(language, question))].filter(
    (stem) => inTitle.has(stem) && !emptyStems[language].has(stem) && stem.length > 1,
  )
}
