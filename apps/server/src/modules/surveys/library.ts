import type { LibraryItem, SurveyContent } from '@lahko/contract/surveys'
import { scales, type ScaleId } from '@lahko/effort'
import {
  mainReason,
  reasonSets,
  say,
  thanksForEffort,
  thanksForOpinion,
  whatToEase,
  type InThree,
} from './library-texts.ts'

const dixon2010 =
  'Dixon, M., Freeman, K., Toman, N. (2010). Stop Trying to Delight Your Customers. Harvard Business Review 88(7/8), 116–122.'
const ceb2013 =
  'Customer Effort Score 2.0, CEB, 2013; in Dixon, M., Toman, N., DeLisi, R. (2013). The Effortless Experience. Portfolio/Penguin.'
const reichheld2003 = 'Reichheld, F. F. (2003). The One Number You Need to Grow. Harvard Business Review 81(12), 46–54.'
const ownWording = `Wording and thresholds (8–10 easy, 1–4 hard) are Lahko’s own convention. That effort is what to ask for: ${dixon2010}`
const faces = `Three faces are common practice for short contacts, without one origin. That effort is what to ask for: ${dixon2010}`

const hardToEasy = [
  say('very hard', 'zelo težko', 'svært vanskelig'),
  say('very easy', 'zelo enostavno', 'svært enkelt'),
] as const

const standardReasons = reasonSets(
  ['explained-twice', 'too-many-steps', 'waited-too-long', 'unclear-answer', 'not-on-site'],
  ['solved-at-once', 'nothing-asked-twice', 'clear-answer', 'found-on-site'],
)

type Draft = {
  id: string
  scaleId: ScaleId
  touchpoint: string
  name: InThree
  whenToUse: InThree
  source: string
  question: InThree
  ends: readonly [low: InThree, high: InThree]
  look?: 'numbers' | 'faces'
  reasons: SurveyContent['reasons']
  comment: InThree
  thanks: SurveyContent['thanks']
}

/** An item of the library: it is complete in every language, and its rule is the standard one of its scale. */
function item({
  id,
  scaleId,
  touchpoint,
  name,
  whenToUse,
  source,
  question,
  ends,
  look = 'numbers',
  ...rest
}: Draft): LibraryItem {
  const { family, min, max, direction, easy, hard } = scales[scaleId]
  return {
    id,
    kind: family,
    touchpoint,
    name,
    whenToUse,
    source,
    rule: { id: 'standard', easy: [...easy], hard: [...hard] },
    content: {
      languages: ['en', 'sl', 'nb'],
      score: {
        text: question,
        scale: { id: scaleId, family, min, max, direction },
        look,
        lowLabel: ends[0],
        highLabel: ends[1],
      },
      reasons: rest.reasons,
      comment: { text: rest.comment },
      questions: [],
      thanks: rest.thanks,
    },
  }
}

function effortOfTen(
  draft: Pick<Draft, 'id' | 'touchpoint' | 'name' | 'whenToUse' | 'question' | 'reasons'>,
): LibraryItem {
  return item({
    ...draft,
    scaleId: 'ces-10',
    source: ownWording,
    ends: hardToEasy,
    comment: whatToEase,
    thanks: thanksForEffort,
  })
}

const items: readonly LibraryItem[] = [
  effortOfTen({
    id: 'ces-10-solved',
    touchpoint: 'ticket',
    name: say('A solved request', 'Rešena zahteva', 'En løst sak'),
    whenToUse: say(
      'In the message that says a request is solved. Ask within a day, once per request.',
      'V sporočilu, da je zahteva rešena. Vprašajte v enem dnevu, enkrat na zahtevo.',
      'I meldingen om at saken er løst. Spør innen ett døgn, én gang per sak.',
    ),
    question: say(
      'How easy was it to get your issue solved today?',
      'Kako enostavno je bilo danes rešiti vašo zadevo?',
      'Hvor enkelt var det å få løst saken din i dag?',
    ),
    reasons: standardReasons,
  }),
  effortOfTen({
    id: 'ces-10-call',
    touchpoint: 'call',
    name: say('A call', 'Telefonski klic', 'En telefonsamtale'),
    whenToUse: say(
      'In a message right after a call has ended.',
      'V sporočilu takoj po koncu klica.',
      'I en melding rett etter at samtalen er over.',
    ),
    question: say(
      'How easy was it to get what you needed on the phone?',
      'Kako enostavno ste po telefonu dobili, kar ste potrebovali?',
      'Hvor enkelt var det å få det du trengte på telefonen?',
    ),
    reasons: reasonSets(
      ['waited-too-long', 'passed-around', 'explained-twice', 'unclear-answer'],
      ['solved-at-once', 'nothing-asked-twice', 'clear-answer'],
    ),
  }),
  effortOfTen({
    id: 'ces-10-article',
    touchpoint: 'article',
    name: say('A help article', 'Članek v pomoči', 'En hjelpeartikkel'),
    whenToUse: say(
      'At the end of an article, as a link with the article’s name in topic.',
      'Na koncu članka, kot povezava z imenom članka v polju topic.',
      'Nederst i en artikkel, som en lenke med artikkelens navn i topic.',
    ),
    question: say(
      'How easy was it to find your answer here?',
      'Kako enostavno ste tu našli odgovor?',
      'Hvor enkelt var det å finne svaret her?',
    ),
    reasons: reasonSets(
      ['hard-to-find', 'unclear-answer', 'not-my-case', 'too-long', 'outdated'],
      ['quick-to-find', 'clear-words', 'good-pictures'],
    ),
  }),
  effortOfTen({
    id: 'ces-10-self-service',
    touchpoint: 'self_service',
    name: say('Self-service', 'Samopostrežba', 'Selvbetjening'),
    whenToUse: say(
      'After something that people do alone: change an address, extend a contract, report a fault.',
      'Po opravilu brez pomoči: sprememba naslova, podaljšanje pogodbe, prijava napake.',
      'Etter noe man gjør alene: endre en adresse, forlenge en avtale, melde en feil.',
    ),
    question: say(
      'How easy was it to do this yourself?',
      'Kako enostavno je bilo to urediti brez pomoči?',
      'Hvor enkelt var det å ordne dette selv?',
    ),
    reasons: reasonSets(
      ['hard-to-find', 'too-many-steps', 'signing-in', 'unclear-rules', 'did-not-work'],
      ['few-steps', 'quick-to-find', 'clear-words'],
    ),
  }),
  effortOfTen({
    id: 'ces-10-purchase',
    touchpoint: 'purchase',
    name: say('A purchase', 'Nakup', 'Et kjøp'),
    whenToUse: say(
      'On the page or in the message that confirms an order.',
      'Na strani ali v sporočilu, ki potrdi naročilo.',
      'På siden eller i meldingen som bekrefter bestillingen.',
    ),
    question: say(
      'How easy was it to order from us?',
      'Kako enostavno je bilo naročiti pri nas?',
      'Hvor enkelt var det å bestille hos oss?',
    ),
    reasons: reasonSets(
      ['hard-to-find', 'unclear-price', 'too-many-steps', 'paying', 'did-not-work'],
      ['quick-to-find', 'clear-price', 'few-steps'],
    ),
  }),
  effortOfTen({
    id: 'ces-10-delivery',
    touchpoint: 'delivery',
    name: say('A delivery', 'Dostava', 'En levering'),
    whenToUse: say(
      'On the day after an order has arrived.',
      'Dan po prejemu naročila.',
      'Dagen etter at bestillingen er levert.',
    ),
    question: say(
      'How easy was it to receive your order?',
      'Kako enostavno je bilo prejeti naročilo?',
      'Hvor enkelt var det å få bestillingen levert?',
    ),
    reasons: reasonSets(['late', 'no-news', 'far-away', 'damaged'], ['on-time', 'good-news', 'nothing-asked-twice']),
  }),
  effortOfTen({
    id: 'ces-10-return',
    touchpoint: 'return',
    name: say('A return', 'Vračilo', 'En retur'),
    whenToUse: say('When the money has been paid back.', 'Ko je denar vrnjen.', 'Når pengene er betalt tilbake.'),
    question: say(
      'How easy was it to send something back?',
      'Kako enostavno je bilo vrniti izdelek?',
      'Hvor enkelt var det å sende noe i retur?',
    ),
    reasons: reasonSets(
      ['unclear-rules', 'label', 'far-away', 'too-many-steps', 'slow-refund'],
      ['few-steps', 'clear-answer', 'quick-refund'],
    ),
  }),
  effortOfTen({
    id: 'ces-10-booking',
    touchpoint: 'booking',
    name: say('A booking', 'Rezervacija termina', 'En timebestilling'),
    whenToUse: say(
      'In the message that confirms the appointment.',
      'V sporočilu, ki potrdi termin.',
      'I meldingen som bekrefter timen.',
    ),
    question: say(
      'How easy was it to book your appointment?',
      'Kako enostavno je bilo rezervirati termin?',
      'Hvor enkelt var det å bestille time?',
    ),
    reasons: reasonSets(
      ['no-good-time', 'too-many-steps', 'hard-to-change', 'did-not-work'],
      ['good-time', 'few-steps', 'nothing-asked-twice'],
    ),
  }),
  item({
    id: 'ces-7',
    scaleId: 'ces-7',
    touchpoint: 'any',
    name: say('CES 2.0', 'CES 2.0', 'CES 2.0'),
    whenToUse: say(
      'To compare with others who use CES 2.0, or to go on with a series of your own.',
      'Za primerjavo z drugimi, ki uporabljajo CES 2.0, ali za nadaljevanje svojega niza.',
      'For å sammenligne med andre som bruker CES 2.0, eller fortsette en egen serie.',
    ),
    source: ceb2013,
    question: say(
      '{company} made it easy for me to handle my issue.',
      'V podjetju {company} so mi olajšali rešitev zadeve.',
      '{company} gjorde det enkelt for meg å få løst saken min.',
    ),
    ends: [
      say('strongly disagree', 'sploh se ne strinjam', 'helt uenig'),
      say('strongly agree', 'popolnoma se strinjam', 'helt enig'),
    ],
    reasons: standardReasons,
    comment: whatToEase,
    thanks: thanksForEffort,
  }),
  item({
    id: 'ces-5',
    scaleId: 'ces-5',
    touchpoint: 'any',
    name: say('CES 1.0', 'CES 1.0', 'CES 1.0'),
    whenToUse: say(
      'Only to go on with an old series: here 1 is easy, and people mix up the ends.',
      'Samo za nadaljevanje starega niza: tu 1 pomeni lahko, ljudje pa zamenjujejo konca.',
      'Bare for å fortsette en gammel serie: her er 1 enkelt, og mange forveksler endene.',
    ),
    source: dixon2010,
    question: say(
      'How much effort did you personally have to put forth to handle your request?',
      'Koliko truda ste morali osebno vložiti v ureditev svoje zahteve?',
      'Hvor stor innsats måtte du selv legge ned for å få ordnet saken din?',
    ),
    ends: [
      say('very low effort', 'zelo malo truda', 'svært liten innsats'),
      say('very high effort', 'zelo veliko truda', 'svært stor innsats'),
    ],
    reasons: standardReasons,
    comment: whatToEase,
    thanks: thanksForEffort,
  }),
  item({
    id: 'ces-3',
    scaleId: 'ces-3',
    touchpoint: 'any',
    look: 'faces',
    name: say('Three faces', 'Trije obrazi', 'Tre ansikter'),
    whenToUse: say(
      'Where one tap must do: a counter, a chat, children, a small screen.',
      'Kjer mora zadoščati en dotik: okence, klepet, otroci, majhen zaslon.',
      'Der ett trykk må holde: en skranke, en chat, barn, en liten skjerm.',
    ),
    source: faces,
    question: say(
      'How easy was it to get help today?',
      'Kako enostavno ste danes dobili pomoč?',
      'Hvor enkelt var det å få hjelp i dag?',
    ),
    ends: [say('Hard', 'Težko', 'Vanskelig'), say('Easy', 'Enostavno', 'Enkelt')],
    reasons: standardReasons,
    comment: whatToEase,
    thanks: thanksForEffort,
  }),
  item({
    id: 'csat-5',
    scaleId: 'csat-5',
    touchpoint: 'any',
    name: say('Satisfaction (CSAT)', 'Zadovoljstvo (CSAT)', 'Tilfredshet (CSAT)'),
    whenToUse: say(
      'When others ask you for satisfaction figures. Effort tells you more about what to mend.',
      'Kadar od vas zahtevajo podatke o zadovoljstvu. Trud pove več o tem, kaj popraviti.',
      'Når andre ber dere om tall for tilfredshet. Innsats sier mer om hva som bør rettes.',
    ),
    source: 'Common practice without one origin; the share of 4 and 5 is what most help desks print.',
    question: say(
      'How satisfied are you with the help you received?',
      'Kako zadovoljni ste s prejeto pomočjo?',
      'Hvor fornøyd er du med hjelpen du fikk?',
    ),
    ends: [
      say('very dissatisfied', 'zelo nezadovoljni', 'svært misfornøyd'),
      say('very satisfied', 'zelo zadovoljni', 'svært fornøyd'),
    ],
    reasons: [],
    comment: mainReason,
    thanks: thanksForOpinion,
  }),
  item({
    id: 'nps-11',
    scaleId: 'nps-11',
    touchpoint: 'any',
    name: say('Recommendation (NPS)', 'Priporočilo (NPS)', 'Anbefaling (NPS)'),
    whenToUse: say(
      'A few times a year, about the company as a whole; not about one contact.',
      'Nekajkrat na leto, o podjetju kot celoti; ne o enem stiku.',
      'Noen ganger i året, om bedriften som helhet; ikke om én kontakt.',
    ),
    source: reichheld2003,
    question: say(
      'How likely are you to recommend {company}?',
      'Kako verjetno je, da bi priporočili podjetje {company}?',
      'Hvor sannsynlig er det at du vil anbefale {company}?',
    ),
    ends: [
      say('not at all likely', 'sploh ni verjetno', 'slett ikke sannsynlig'),
      say('extremely likely', 'izjemno verjetno', 'svært sannsynlig'),
    ],
    reasons: [],
    comment: mainReason,
    thanks: thanksForOpinion,
  }),
]

/** The question that sign-up offers first. */
export const firstQuestion = 'ces-10-solved'

/** Suitable questions, the one to begin with first. */
export function libraryItems(): readonly LibraryItem[] {
  return items
}

export function findLibraryItem(id: string): LibraryItem | undefined {
  return items.find((candidate) => candidate.id === id)
}
