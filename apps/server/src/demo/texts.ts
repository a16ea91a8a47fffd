import type { Language } from '@lahko/contract/values'

/** What the shop's own people call things, in the language of the workspace. */
export const topics = {
  sizing: { en: 'Sizing and fit', sl: 'Velikost in kroj', nb: 'Størrelse og passform' },
  delivery: { en: 'Delivery', sl: 'Dostava', nb: 'Levering' },
  orders: { en: 'Orders and payment', sl: 'Naročila in plačila', nb: 'Bestilling og betaling' },
  returns: { en: 'Returns', sl: 'Vračila', nb: 'Retur' },
  warranty: { en: 'Warranty', sl: 'Garancija', nb: 'Garanti' },
  repairs: { en: 'Repairs', sl: 'Popravila', nb: 'Reparasjon' },
  service: { en: 'Ski service booking', sl: 'Naročanje na servis smuči', nb: 'Bestilling av skiservice' },
} as const satisfies Record<string, Record<Language, string>>
export type Topic = keyof typeof topics

export const channels = {
  email: { en: 'E-mail', sl: 'E-pošta', nb: 'E-post' },
  chat: { en: 'Chat', sl: 'Klepet', nb: 'Chat' },
  form: { en: 'Help centre form', sl: 'Obrazec v pomoči', nb: 'Skjema i hjelpesenteret' },
  phone: { en: 'Phone', sl: 'Telefon', nb: 'Telefon' },
  instagram: { en: 'Instagram', sl: 'Instagram', nb: 'Instagram' },
} as const satisfies Record<string, Record<Language, string>>
export type Channel = keyof typeof channels

export const teams = {
  frontDesk: { en: 'Front desk', sl: 'Sprejem', nb: 'Kundemottak' },
  workshop: { en: 'Workshop', sl: 'Delavnica', nb: 'Verksted' },
  returns: { en: 'Returns desk', sl: 'Reklamacije', nb: 'Reklamasjoner' },
} as const satisfies Record<string, Record<Language, string>>
export type Team = keyof typeof teams

export const names: Record<Language, { first: readonly string[]; last: readonly string[] }> = {
  en: {
    first: [
      'Alice',
      'Ben',
      'Carol',
      'Daniel',
      'Emma',
      'Fiona',
      'George',
      'Hannah',
      'Isaac',
      'Julia',
      'Kate',
      'Liam',
      'Megan',
      'Noah',
      'Olivia',
      'Peter',
      'Rachel',
      'Sam',
      'Tessa',
      'William',
    ],
    last: [
      'Adams',
      'Baker',
      'Clarke',
      'Davies',
      'Evans',
      'Fletcher',
      'Graham',
      'Hughes',
      'Irving',
      'Jones',
      'Kerr',
      'Lewis',
      'Morris',
      'Nolan',
      'Owens',
      'Palmer',
      'Reid',
      'Shaw',
      'Turner',
      'Walsh',
    ],
  },
  sl: {
    first: [
      'Ana',
      'Boštjan',
      'Cvetka',
      'Damjan',
      'Eva',
      'Gregor',
      'Helena',
      'Igor',
      'Jana',
      'Klemen',
      'Luka',
      'Maja',
      'Nives',
      'Ožbej',
      'Petra',
      'Rok',
      'Sara',
      'Tadej',
      'Urša',
      'Žiga',
    ],
    last: [
      'Bizjak',
      'Čeh',
      'Dolenc',
      'Erjavec',
      'Furlan',
      'Golob',
      'Hribar',
      'Jereb',
      'Kovač',
      'Lah',
      'Mlakar',
      'Novak',
      'Oblak',
      'Pirc',
      'Rozman',
      'Šubic',
      'Turk',
      'Vidmar',
      'Zajc',
      'Žagar',
    ],
  },
  nb: {
    first: [
      'Anders',
      'Bente',
      'Camilla',
      'Dag',
      'Eirik',
      'Frida',
      'Geir',
      'Hanne',
      'Ingrid',
      'Jonas',
      'Kari',
      'Lars',
      'Marit',
      'Nils',
      'Oda',
      'Per',
      'Ragnhild',
      'Sigrid',
      'Tor',
      'Åse',
    ],
    last: [
      'Andersen',
      'Berg',
      'Dahl',
      'Eriksen',
      'Fjeld',
      'Gundersen',
      'Halvorsen',
      'Iversen',
      'Johansen',
      'Kristiansen',
      'Lie',
      'Moen',
      'Nilsen',
      'Olsen',
      'Pettersen',
      'Rønning',
      'Solberg',
      'Strand',
      'Vik',
      'Ødegård',
    ],
  },
}

type Comments = Record<Language, readonly string[]>

export const hardComments: Record<Topic | 'handedOver' | 'phone', Comments> = {
  sizing: {
    en: [
      'The chart says M, the jacket says L. I ordered three times.',
      'Nobody could tell me whether the boots run small.',
      'The table is in inches only, and I had to look for it.',
      'I asked about the sleeve length and got the washing instructions.',
    ],
    sl: [
      'Tabela pravi M, jakna pravi L. Naročil sem trikrat.',
      'Nihče mi ni znal povedati, ali so čevlji manjši od običajnih.',
      'Mere so samo v palcih, pa še te sem komaj našla.',
      'Vprašal sem za dolžino rokava, dobil pa navodila za pranje.',
    ],
    nb: [
      'Tabellen sier M, jakken sier L. Jeg måtte bestille tre ganger.',
      'Ingen kunne si om støvlene er små i størrelsen.',
      'Målene står bare i tommer, og de var vanskelige å finne.',
      'Jeg spurte om ermelengden og fikk vaskeanvisningen.',
    ],
  },
  delivery: {
    en: [
      'The courier and you each said the other one knew where it was.',
      'Tracking said delivered. It was at a neighbour two streets away.',
      'I waited at home all day because there was no time given.',
    ],
    sl: [
      'Kurir je rekel, da veste vi, vi pa, da ve kurir.',
      'Piše, da je dostavljeno. Paket je bil pri sosedu dve ulici naprej.',
      'Ves dan sem čakala doma, ker ure ni nihče povedal.',
    ],
    nb: [
      'Budet sa at dere visste hvor pakken var, og dere sa at budet visste det.',
      'Det sto levert. Pakken lå hos en nabo to gater unna.',
      'Jeg ventet hjemme hele dagen fordi ingen sa når.',
    ],
  },
  orders: {
    en: [
      'I was charged twice and had to prove it with a bank statement.',
      'The voucher did not work, and the page did not say why.',
      'I wanted to change the address a minute after ordering. It took two days.',
    ],
    sl: [
      'Plačilo je bilo zaračunano dvakrat, dokazovati pa sem moral jaz.',
      'Bon ni deloval, stran pa ni povedala, zakaj.',
      'Naslov sem želela spremeniti minuto po naročilu. Trajalo je dva dni.',
    ],
    nb: [
      'Jeg ble trukket to ganger og måtte bevise det med kontoutskrift.',
      'Gavekortet virket ikke, og siden sa ikke hvorfor.',
      'Jeg ville endre adressen et minutt etter bestillingen. Det tok to dager.',
    ],
  },
  returns: {
    en: [
      'I sent the receipt with the form. Then the shop asked for it, then the courier. Three times the same photo.',
      'The return label was a PDF that I had to print. I do not own a printer.',
      'Two weeks, and I still do not know whether the parcel has arrived.',
      'The form asks for an order number that is not on the receipt.',
      'I had to phone to find out where to send it.',
      'You took the jacket back at once, but the money came a month later.',
    ],
    sl: [
      'Račun sem poslala z obrazcem. Potem ga je hotela trgovina, nato še kurir. Trikrat ista slika.',
      'Nalepko za vračilo je bilo treba natisniti. Tiskalnika nimam.',
      'Dva tedna, in še vedno ne vem, ali je paket prispel.',
      'Obrazec zahteva številko naročila, ki je na računu ni.',
      'Klicati sem moral, da sem izvedel, kam naj pošljem.',
      'Jakno ste vzeli takoj, denar pa je prišel čez mesec dni.',
    ],
    nb: [
      'Jeg sendte kvitteringen med skjemaet. Så ba butikken om den, og så budet. Samme bilde tre ganger.',
      'Returlappen var en PDF som måtte skrives ut. Jeg har ingen skriver.',
      'To uker, og jeg vet fortsatt ikke om pakken er kommet fram.',
      'Skjemaet ber om et ordrenummer som ikke står på kvitteringen.',
      'Jeg måtte ringe for å få vite hvor den skulle sendes.',
      'Jakken tok dere imot med en gang, men pengene kom en måned senere.',
    ],
  },
  warranty: {
    en: [
      'Nobody could tell me whether the soles are covered. Two e-mails, two different answers.',
      'I had to send the same pictures to two people.',
      'The zip broke after a month, and I was asked how I had used it.',
    ],
    sl: [
      'Nihče ni vedel, ali garancija velja za podplate. Dve sporočili, dva odgovora.',
      'Iste slike sem moral poslati dvema človekoma.',
      'Zadrga je počila po enem mesecu, vi pa ste spraševali, kako sem jo uporabljala.',
    ],
    nb: [
      'Ingen kunne si om sålene dekkes. To e-poster, to forskjellige svar.',
      'Jeg måtte sende de samme bildene til to personer.',
      'Glidelåsen røk etter en måned, og jeg ble spurt hvordan jeg hadde brukt den.',
    ],
  },
  repairs: {
    en: [
      'Fine in the end, but I waited from Friday to Tuesday to hear that you had got my mail.',
      'The price changed between the first call and the second.',
      'I had to call to learn that it had been ready for a week.',
    ],
    sl: [
      'Na koncu v redu, a od petka do torka nisem vedela, ali ste sporočilo dobili.',
      'Cena je bila ob drugem klicu drugačna kot ob prvem.',
      'Poklicati sem moral, da sem izvedel, da je že en teden pripravljeno.',
    ],
    nb: [
      'Greit til slutt, men jeg ventet fra fredag til tirsdag på å høre at dere hadde fått e-posten.',
      'Prisen var en annen i den andre samtalen enn i den første.',
      'Jeg måtte ringe for å få vite at det hadde vært klart i en uke.',
    ],
  },
  service: {
    en: ['The calendar showed free times that were not free.', 'I booked for two pairs and you expected one.'],
    sl: ['Koledar je kazal proste ure, ki niso bile proste.', 'Naročila sem dva para, vi ste pričakovali enega.'],
    nb: ['Kalenderen viste ledige tider som ikke var ledige.', 'Jeg bestilte for to par, og dere ventet ett.'],
  },
  handedOver: {
    en: [
      'Passed from one person to the next, and each asked me the same.',
      'The third colleague solved it in a minute. Why not the first?',
      'I told the whole story three times.',
    ],
    sl: [
      'Predajali ste si me in vsak je vprašal isto.',
      'Tretji sodelavec je zadevo rešil v minuti. Zakaj ne prvi?',
      'Vso zgodbo sem povedala trikrat.',
    ],
    nb: [
      'Jeg ble sendt fra den ene til den andre, og alle spurte om det samme.',
      'Den tredje løste det på et minutt. Hvorfor ikke den første?',
      'Jeg fortalte hele historien tre ganger.',
    ],
  },
  phone: {
    en: [
      'Twenty minutes on hold, then the line went dead.',
      'On the phone nobody could see what I had written before.',
      'I was told to send an e-mail. I had sent one.',
    ],
    sl: [
      'Dvajset minut čakanja, potem se je zveza prekinila.',
      'Po telefonu nihče ni videl, kaj sem prej pisala.',
      'Rekli so mi, naj pošljem sporočilo. Saj sem ga.',
    ],
    nb: [
      'Tjue minutter i kø, og så ble linjen brutt.',
      'På telefonen kunne ingen se hva jeg hadde skrevet før.',
      'Jeg fikk beskjed om å sende e-post. Det hadde jeg gjort.',
    ],
  },
}

export const easyComments: Record<Topic | 'any', Comments> = {
  sizing: {
    en: ['The guide with the paper ruler told me my size. It fits.', 'Measured once, ordered once.'],
    sl: ['Vodnik s papirnatim ravnilom mi je povedal velikost. Ravno prav je.', 'Enkrat izmerjeno, enkrat naročeno.'],
    nb: ['Veilederen med papirlinjalen ga meg riktig størrelse. Den passer.', 'Målt én gang, bestilt én gang.'],
  },
  delivery: {
    en: ['You wrote before I had to ask.', 'New time, one message, done.'],
    sl: ['Pisali ste, še preden sem vprašala.', 'Nova ura, eno sporočilo, urejeno.'],
    nb: ['Dere skrev før jeg rakk å spørre.', 'Ny tid, én melding, ferdig.'],
  },
  orders: {
    en: ['The refund was there the next morning.', 'You changed the order in the chat while I watched.'],
    sl: ['Denar je bil naslednje jutro na računu.', 'Naročilo ste spremenili kar med klepetom.'],
    nb: ['Pengene var der neste morgen.', 'Dere endret bestillingen mens vi chattet.'],
  },
  returns: {
    en: ['For once without printing anything.', 'Handed it in at the shop, money back the same day.'],
    sl: ['Tokrat brez tiskanja.', 'Oddal v trgovini, denar isti dan.'],
    nb: ['For en gangs skyld uten å skrive ut noe.', 'Leverte den i butikken og fikk pengene samme dag.'],
  },
  warranty: {
    en: ['One photo, one answer, new bindings.', 'You did not argue. Thank you.'],
    sl: ['Ena slika, en odgovor, nove vezi.', 'Brez prepričevanja. Hvala.'],
    nb: ['Ett bilde, ett svar, nye bindinger.', 'Dere diskuterte ikke. Takk.'],
  },
  repairs: {
    en: ['Ready a day early, and you told me.', 'The workshop explained what they would do and what it costs.'],
    sl: [
      'Pripravljeno dan prej, pa še povedali ste mi.',
      'V delavnici so razložili, kaj bodo naredili in koliko stane.',
    ],
    nb: ['Klart en dag før, og dere sa fra.', 'Verkstedet forklarte hva de ville gjøre og hva det koster.'],
  },
  service: {
    en: ['Booked in the tram, skis ready on Friday.', 'Two taps and a reminder.'],
    sl: ['Naročila na poti v službo, smuči v petek pripravljene.', 'Dva dotika in opomnik.'],
    nb: ['Bestilte på trikken, skiene klare på fredag.', 'To trykk og en påminnelse.'],
  },
  any: {
    en: [
      'Quick and kind.',
      'Answered in ten minutes, on a Sunday.',
      'I did not have to explain anything twice.',
      'Just what I needed.',
      'Clear, short, done.',
    ],
    sl: [
      'Hitro in prijazno.',
      'Odgovor v desetih minutah, v nedeljo.',
      'Ničesar mi ni bilo treba razlagati dvakrat.',
      'Točno to, kar sem potrebovala.',
      'Jasno, kratko, urejeno.',
    ],
    nb: [
      'Raskt og vennlig.',
      'Svar på ti minutter, på en søndag.',
      'Jeg trengte ikke å forklare noe to ganger.',
      'Akkurat det jeg trengte.',
      'Klart, kort, ferdig.',
    ],
  },
}
