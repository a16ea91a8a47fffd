import type { MacroActions } from '@lahko/contract/macros'
import type { Language, Translated } from '@lahko/contract/values'

type DemoMacro = { name: Required<Translated>; texts: Translated; actions: MacroActions }

/** What the shop's people write so often that they have it ready. */
export const macros: readonly DemoMacro[] = [
  {
    name: { en: 'Parcel is on its way', sl: 'Paket je na poti', nb: 'Pakken er på vei' },
    texts: {
      en: 'Hello {customer.name|there},\n\nyour parcel left us today and will be with you in two to three days.\n\n{agent}',
      sl: 'Pozdravljeni, {customer.name|spoštovani},\n\nvaš paket smo danes odposlali, pri vas bo v dveh do treh dneh.\n\n{agent}',
      nb: 'Hei {customer.name|du},\n\npakken din ble sendt i dag og er hos deg om to til tre dager.\n\n{agent}',
    },
    actions: { status: 'solved' },
  },
  {
    name: { en: 'Ask for the order number', sl: 'Vprašaj za številko naročila', nb: 'Spør om ordrenummeret' },
    texts: {
      en: 'Hello {customer.name|there},\n\nwould you send us the number of your order? It stands in the mail that confirmed it. Then we look at once.\n\n{agent}',
      sl: 'Pozdravljeni, {customer.name|spoštovani},\n\nnam pošljete številko naročila? Najdete jo v potrditvi, ki ste jo prejeli po e-pošti. Potem takoj preverimo.\n\n{agent}',
      nb: 'Hei {customer.name|du},\n\nkan du sende oss ordrenummeret? Det står i bekreftelsen du fikk på e-post. Da ser vi på det med en gang.\n\n{agent}',
    },
    actions: { status: 'waiting', assignToMe: true },
  },
  {
    name: { en: 'Return accepted', sl: 'Vračilo sprejeto', nb: 'Retur godkjent' },
    texts: {
      en: 'Hello {customer.name|there},\n\nthank you, your return is with us. The money is on its way and arrives within five working days.\n\n{agent}, {company}',
      sl: 'Pozdravljeni, {customer.name|spoštovani},\n\nhvala, vračilo je pri nas. Denar je na poti in bo na vašem računu v petih delovnih dneh.\n\n{agent}, {company}',
      nb: 'Hei {customer.name|du},\n\ntakk, returen er hos oss. Pengene er på vei og kommer innen fem virkedager.\n\n{agent}, {company}',
    },
    actions: { status: 'solved', addTags: ['return'] },
  },
]

/** Clubs that order together; some of the shop's customers belong to them. */
export const organisations: readonly { name: string; language: Language }[] = [
  { name: 'Planinsko društvo Kamnik', language: 'sl' },
  { name: 'Fjellsport Voss', language: 'nb' },
  { name: 'Hillside Walking Club', language: 'en' },
]
