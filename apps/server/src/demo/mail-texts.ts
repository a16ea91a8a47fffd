import type { Language } from '@lahko/contract/values'
import type { Topic } from './texts.ts'

type Question = { subject: string; text: string }
type ByLanguage<T> = Readonly<Record<Language, T>>

/** What customers of the shop write first. */
export const questions: Readonly<Record<Topic, ByLanguage<readonly Question[]>>> = {
  sizing: {
    en: [
      {
        subject: 'Which size for the Stol jacket?',
        text: 'I am 178 cm and 74 kg and wear M in most brands. Your table says L. Which one should I order?',
      },
      {
        subject: 'Do the Jalovec boots run small?',
        text: 'I wear 42 in running shoes. Is 42 right for the Jalovec boots with a thick sock, or should I go up half a size?',
      },
    ],
    sl: [
      {
        subject: 'Katera velikost jakne Stol?',
        text: 'Visok sem 178 cm, tehtam 74 kg in navadno nosim M. Vaša tabela pravi L. Katero naj naročim?',
      },
      {
        subject: 'So čevlji Jalovec manjši od običajnih?',
        text: 'Tekaške čevlje nosim v številki 42. Je 42 prava tudi za čevlje Jalovec z debelo nogavico ali naj vzamem pol številke več?',
      },
    ],
    nb: [
      {
        subject: 'Hvilken størrelse på Stol-jakken?',
        text: 'Jeg er 178 cm og 74 kg og bruker vanligvis M. Tabellen deres sier L. Hvilken bør jeg bestille?',
      },
      {
        subject: 'Er Jalovec-støvlene små i størrelsen?',
        text: 'Jeg bruker 42 i joggesko. Passer 42 også i Jalovec med tykk sokk, eller bør jeg gå opp en halv størrelse?',
      },
    ],
  },
  delivery: {
    en: [
      {
        subject: 'Parcel says delivered, but it is not here',
        text: 'Tracking says that my parcel was delivered yesterday at 14:10. Nobody was at home and there is nothing at the door. Where is it?',
      },
      {
        subject: 'When does my order arrive?',
        text: 'I ordered on Monday and was told three days. It is Friday and the tracking page has not changed since.',
      },
    ],
    sl: [
      {
        subject: 'Paket je dostavljen, a ga ni',
        text: 'Sledenje pravi, da je bil paket dostavljen včeraj ob 14.10. Doma ni bilo nikogar in pred vrati ni ničesar. Kje je?',
      },
      {
        subject: 'Kdaj pride moje naročilo?',
        text: 'Naročil sem v ponedeljek, obljubljeni so bili trije dnevi. Danes je petek in stran za sledenje se ni spremenila.',
      },
    ],
    nb: [
      {
        subject: 'Pakken står som levert, men er ikke her',
        text: 'Sporingen sier at pakken ble levert i går kl. 14.10. Ingen var hjemme, og det ligger ingenting ved døren. Hvor er den?',
      },
      {
        subject: 'Når kommer bestillingen min?',
        text: 'Jeg bestilte på mandag og fikk beskjed om tre dager. Nå er det fredag, og sporingssiden har stått stille siden.',
      },
    ],
  },
  orders: {
    en: [
      {
        subject: 'Gift card does not go through',
        text: 'At the checkout my gift card is called “already used”. I have never used it. Can you look?',
      },
      {
        subject: 'Wrong address on my order',
        text: 'I forgot to change the address, the parcel would go to where I lived last year. Can it still be changed?',
      },
    ],
    sl: [
      {
        subject: 'Darilnega bona ne sprejme',
        text: 'Na blagajni piše, da je bil moj darilni bon že uporabljen. Uporabila ga nisem še nikoli. Lahko pogledate?',
      },
      {
        subject: 'Napačen naslov na naročilu',
        text: 'Pozabil sem spremeniti naslov, paket bi šel tja, kjer sem živel lani. Se ga da še popraviti?',
      },
    ],
    nb: [
      {
        subject: 'Gavekortet virker ikke',
        text: 'I kassen står det at gavekortet allerede er brukt. Jeg har aldri brukt det. Kan dere se på det?',
      },
      {
        subject: 'Feil adresse på bestillingen',
        text: 'Jeg glemte å endre adressen, så pakken går til der jeg bodde i fjor. Kan den fortsatt endres?',
      },
    ],
  },
  returns: {
    en: [
      {
        subject: 'Exchange of trekking poles',
        text: 'The poles are too long. I would like the shorter pair instead. Which form do I need, and who pays for the parcel?',
      },
      {
        subject: 'Where is my money?',
        text: 'I sent the harness back two weeks ago. The parcel has reached you, I see that in the tracking. When do I get the money?',
      },
    ],
    sl: [
      {
        subject: 'Zamenjava pohodnih palic',
        text: 'Palice so predolge, rad bi krajši par. Kateri obrazec potrebujem in kdo plača paket?',
      },
      {
        subject: 'Kje je moj denar?',
        text: 'Pas sem vrnila pred dvema tednoma. Paket je pri vas, to vidim v sledenju. Kdaj dobim denar?',
      },
    ],
    nb: [
      {
        subject: 'Bytte av fjellstaver',
        text: 'Stavene er for lange, jeg vil gjerne ha det korte paret. Hvilket skjema trenger jeg, og hvem betaler pakken?',
      },
      {
        subject: 'Hvor er pengene mine?',
        text: 'Jeg sendte selen tilbake for to uker siden. Pakken er hos dere, det ser jeg i sporingen. Når får jeg pengene?',
      },
    ],
  },
  warranty: {
    en: [
      {
        subject: 'Boots: sole came off',
        text: 'After one season the sole of the left boot comes off. I still have the receipt. Is that covered?',
      },
      {
        subject: 'Headlamp will not charge',
        text: 'I have tried another cable and another charger. The lamp is eight months old.',
      },
    ],
    sl: [
      {
        subject: 'Čevlji: odlepil se je podplat',
        text: 'Po eni sezoni se na levem čevlju lepi podplat. Račun še imam. Ali to krije garancija?',
      },
      {
        subject: 'Čelna svetilka se ne polni',
        text: 'Poskusil sem z drugim kablom in drugim polnilnikom. Svetilka je stara osem mesecev.',
      },
    ],
    nb: [
      {
        subject: 'Støvler: sålen løsner',
        text: 'Etter én sesong løsner sålen på venstre støvel. Jeg har fortsatt kvitteringen. Dekkes det?',
      },
      {
        subject: 'Hodelykten lader ikke',
        text: 'Jeg har prøvd en annen kabel og en annen lader. Lykten er åtte måneder gammel.',
      },
    ],
  },
  repairs: {
    en: [
      {
        subject: 'Zip broke on the Vršič 45 pack',
        text: 'The main zip came off its track on the second trip, and the slider is cracked. Can it be repaired before Saturday?',
      },
      {
        subject: 'A tear in my tent',
        text: 'A branch tore the outer tent, about 20 cm. Do you repair that, and what would it cost?',
      },
    ],
    sl: [
      {
        subject: 'Zadrga na nahrbtniku Vršič 45',
        text: 'Glavna zadrga se je na drugi turi snela, drsnik je počen. Se jo da popraviti do sobote?',
      },
      {
        subject: 'Strgan šotor',
        text: 'Veja mi je strgala zunanji šotor, kakih 20 cm. Ali to popravljate in koliko bi stalo?',
      },
    ],
    nb: [
      {
        subject: 'Glidelåsen på Vršič 45-sekken',
        text: 'Hovedglidelåsen hoppet av sporet på andre tur, og glideren er sprukket. Kan den repareres før lørdag?',
      },
      {
        subject: 'Rift i teltet',
        text: 'En gren rev opp ytterteltet, omtrent 20 cm. Reparerer dere det, og hva koster det?',
      },
    ],
  },
  service: {
    en: [
      {
        subject: 'Ski service for four pairs before Christmas',
        text: 'Can I bring four pairs on Thursday and have them back on Saturday? Edges and wax.',
      },
    ],
    sl: [
      {
        subject: 'Servis štirih parov smuči pred božičem',
        text: 'Ali lahko v četrtek prinesem štiri pare in jih dobim nazaj v soboto? Robovi in vosek.',
      },
    ],
    nb: [
      {
        subject: 'Skiservice på fire par før jul',
        text: 'Kan jeg levere fire par på torsdag og få dem tilbake på lørdag? Kanter og voks.',
      },
    ],
  },
}

/** What settles each of them. */
export const solutions: Readonly<Record<Topic, ByLanguage<string>>> = {
  sizing: {
    en: 'Take what the table says: it measures the garment, not the person, and this one is cut close. If it does not fit, send it back within 60 days at our cost.',
    sl: 'Vzemite to, kar pravi tabela: meri oblačilo, ne človeka, in to je krojeno ožje. Če ne bo prav, ga v 60 dneh vrnete na naše stroške.',
    nb: 'Følg tabellen: den måler plagget, ikke personen, og dette er smalt i snittet. Passer det ikke, sender du det tilbake innen 60 dager på vår regning.',
  },
  delivery: {
    en: 'We called the courier. Your parcel lies at their pick-up point, and they bring it tomorrow between 9 and 12. You need not do anything.',
    sl: 'Poklicali smo dostavo. Paket je na njihovem prevzemnem mestu, jutri med 9. in 12. uro ga pripeljejo. Vam ni treba storiti ničesar.',
    nb: 'Vi ringte budet. Pakken ligger på utleveringsstedet deres, og de bringer den i morgen mellom 9 og 12. Du trenger ikke gjøre noe.',
  },
  orders: {
    en: 'That was our mistake, and it is mended. Your order goes out today; you get the tracking number within the hour.',
    sl: 'Napaka je bila naša in je odpravljena. Naročilo gre na pot danes, številko za sledenje dobite v eni uri.',
    nb: 'Feilen var vår, og den er rettet. Bestillingen går ut i dag, og du får sporingsnummeret innen en time.',
  },
  returns: {
    en: 'No form is needed. The label is attached, the parcel costs you nothing, and the money is on its way: your bank shows it within three days.',
    sl: 'Obrazca ne potrebujete. Nalepka je priložena, paket vas ne stane nič, denar pa je na poti: banka ga pokaže v treh dneh.',
    nb: 'Du trenger ikke noe skjema. Etiketten ligger ved, pakken koster deg ingenting, og pengene er på vei: banken viser dem innen tre dager.',
  },
  warranty: {
    en: 'It is covered. Bring or send it, with the receipt or without: we find your order by the address. A new one goes out the day yours arrives.',
    sl: 'Garancija to krije. Prinesite ali pošljite, z računom ali brez: naročilo najdemo po naslovu. Nov kos odpošljemo na dan, ko vaš prispe.',
    nb: 'Det dekkes. Lever eller send den, med eller uten kvittering: vi finner bestillingen på adressen. En ny går ut den dagen din kommer.',
  },
  repairs: {
    en: 'The workshop has the part. Bring it on Thursday after ten, and it is ready the same day. For what is torn we send you the price first.',
    sl: 'Delavnica ima del na zalogi. Prinesite v četrtek po deseti, isti dan bo popravljeno. Za strgano vam prej pošljemo ceno.',
    nb: 'Verkstedet har delen. Kom innom torsdag etter ti, så er den klar samme dag. For det som er revet, sender vi deg prisen først.',
  },
  service: {
    en: 'Four pairs on Thursday are fine, they are ready on Saturday at nine. Your number is written down.',
    sl: 'Štirje pari v četrtek so v redu, pripravljeni bodo v soboto ob devetih. Zapisali smo vašo številko.',
    nb: 'Fire par på torsdag går fint, de er klare på lørdag kl. ni. Vi har notert nummeret ditt.',
  },
}

export const greetings: ByLanguage<(name: string) => string> = {
  en: (name) => `Dear ${name},`,
  sl: (name) => `Pozdravljeni, ${name},`,
  nb: (name) => `Hei ${name},`,
}

export const sentOn: ByLanguage<string> = {
  en: 'I have passed your message on to a colleague who knows more about it. You hear from us today.',
  sl: 'Vaše sporočilo sem predal kolegu, ki o tem ve več. Oglasimo se še danes.',
  nb: 'Jeg har sendt meldingen videre til en kollega som kan mer om dette. Du hører fra oss i dag.',
}

export const asksAgain: ByLanguage<readonly string[]> = {
  en: ['I have told all of this to your colleague already. Has anything happened?', 'Is there any news?'],
  sl: ['Vse to sem že povedal vašemu kolegu. Se je kaj premaknilo?', 'Je kaj novega?'],
  nb: ['Alt dette har jeg allerede fortalt kollegaen din. Har det skjedd noe?', 'Er det noe nytt?'],
}

export const thanks: ByLanguage<readonly string[]> = {
  en: ['Great, that works. Thank you!', 'Thanks for the quick answer.'],
  sl: ['Super, to mi ustreza. Hvala!', 'Hvala za hiter odgovor.'],
  nb: ['Flott, det passer. Takk!', 'Takk for raskt svar.'],
}

/** Notes of members, in the language of the workspace. */
export const notes: ByLanguage<readonly string[]> = {
  en: [
    'Called the customer, nobody answered. I try again after lunch.',
    'The part is in stock. Twenty minutes of work.',
  ],
  sl: ['Klical stranko, ni se oglasila. Poskusim še po kosilu.', 'Del je na zalogi. Dvajset minut dela.'],
  nb: ['Ringte kunden, ingen svar. Jeg prøver igjen etter lunsj.', 'Delen er på lager. Tjue minutters arbeid.'],
}
