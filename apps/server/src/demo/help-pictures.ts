import type { FolderEntry, TextFile } from '#articles'
import type { Language } from '@lahko/contract/values'

type Shown = {
  /** After so many headings of the text. */
  below: number
  /** What is drawn, as the inside of an SVG of 960 × 420; without letters, so that it is one for all languages. */
  drawing: string
  alt: Readonly<Record<Language, string>>
}

const [paper, ink, line, accent, pale, rust] = ['#f3f5f1', '#2c3835', '#c9d1cb', '#2f7d6b', '#d7ebe3', '#b65a35']
const box = (x: number, y: number, width: number, height: number, more: string) =>
  `<rect x="${x}" y="${y}" width="${width}" height="${height}" ${more}/>`
const times = (many: number, draw: (n: number) => string) => Array.from({ length: many }, (_, n) => draw(n)).join('')
const grid = (columns: number, rows: number, draw: (column: number, row: number) => string) =>
  times(rows, (row) => times(columns, (column) => draw(column, row)))

const parcel = `${box(0, 0, 96, 72, `rx="6" fill="${rust}"`)}<path d="M0 22h96M48 0v22" stroke="${paper}" stroke-width="5"/>`
const van = `<path d="M0 0h64v50H0zM70 16h24l16 20v14H70z" fill="${accent}"/><g fill="${ink}"><circle cx="24" cy="54" r="12"/><circle cx="84" cy="54" r="12"/></g>`
const house = `<path d="M0 46 50 4l50 42v50H0z" fill="${ink}"/>${box(38, 58, 24, 38, `fill="${paper}"`)}`
const shelf = `${box(0, 0, 92, 80, `rx="6" fill="${ink}"`)}${grid(3, 2, (column, row) => box(8 + column * 27, 10 + row * 34, 22, 27, `rx="3" fill="${paper}"`))}`

const way = `
  <path d="M150 300h660" stroke="${line}" stroke-width="10"/><path d="M150 300h220" stroke="${accent}" stroke-width="10"/>
  ${times(4, (n) => `<circle cx="${150 + n * 220}" cy="300" r="24" fill="${n < 2 ? accent : paper}" stroke="${n < 2 ? accent : line}" stroke-width="8"/>`)}
  <path d="m139 300 8 9 15-18m197 9 8 9 15-18" stroke="${paper}" stroke-width="6" fill="none"/>
  <g transform="translate(102 140)">${parcel}</g><g transform="translate(315 146)">${van}</g>
  <g transform="translate(544 132)">${shelf}</g><g transform="translate(760 120)">${house}</g>`

const locker = `
  ${box(120, 50, 720, 320, `rx="14" fill="${ink}"`)}
  ${grid(5, 3, (column, row) => (column === 2 ? '' : box(140 + column * 139, 68 + row * 97, 124, 84, `rx="6" fill="${column === 3 && row === 1 ? paper : accent}"`)))}
  <g transform="translate(571 176)">${parcel}</g><path d="M681 165h44v84h-44z" fill="${rust}" opacity=".55"/>
  ${box(418, 68, 124, 278, `rx="8" fill="${paper}"`)}${box(432, 84, 96, 56, `rx="6" fill="${pale}"`)}
  ${times(4, (n) => `<circle cx="${448 + n * 21}" cy="112" r="6" fill="${ink}"/>`)}
  ${grid(3, 4, (column, row) => box(434 + column * 33, 158 + row * 42, 26, 32, `rx="6" fill="${row === 3 && column === 2 ? rust : line}"`))}`

const bars = [6, 12, 4, 10, 4, 14, 6, 4, 12, 8, 4, 10]
const label = `
  <path d="M110 130 300 70l250 60v190l-250 50-190-60z" fill="${rust}"/><path d="M110 130l190 50 250-50M300 180v190" stroke="${paper}" stroke-width="5" fill="none"/>
  <g transform="translate(330 196) skewY(-11)">${box(0, 0, 190, 128, `rx="6" fill="${paper}"`)}
    ${box(14, 16, 88, 10, `fill="${ink}"`)}${box(14, 36, 60, 10, `fill="${line}"`)}<path d="M168 22h-42m14-14-16 14 16 14" stroke="${accent}" stroke-width="8" fill="none"/>
    ${bars.map((width, n) => box(14 + n * 13.6, 64, width, 48, `fill="${ink}"`)).join('')}</g>
  ${box(680, 50, 170, 320, `rx="24" fill="${ink}"`)}${box(694, 74, 142, 264, `rx="8" fill="${paper}"`)}
  ${grid(9, 9, (column, row) => ((column * 7 + row * 5 + column * row) % 3 === 0 ? box(706 + column * 13, 140 + row * 13, 13, 13, `fill="${ink}"`) : ''))}
  ${[
    [706, 140],
    [784, 140],
    [706, 218],
  ]
    .map(([x, y]) => box(x! + 3, y! + 3, 33, 33, `fill="${paper}" stroke="${ink}" stroke-width="7"`))
    .join('')}`

const foot = `
  ${box(130, 40, 34, 340, `fill="${ink}"`)}${box(164, 70, 640, 240, `fill="#fff" stroke="${line}" stroke-width="4"`)}
  <path d="M176 190c0-46 34-66 92-58 70 10 140-22 232-24 90-2 150 34 150 82s-62 84-150 82c-92-2-162-34-232-24-58 8-92-12-92-58z" fill="${pale}" stroke="${accent}" stroke-width="6"/>
  <g fill="${accent}"><ellipse cx="684" cy="152" rx="40" ry="24"/><ellipse cx="682" cy="198" rx="24" ry="16"/><ellipse cx="668" cy="232" rx="20" ry="14"/><ellipse cx="646" cy="260" rx="18" ry="12"/></g>
  <path d="M724 70v310" stroke="${rust}" stroke-width="5" stroke-dasharray="12 8"/>
  <path d="M166 350h556m-536-16-20 16 20 16m516-32 20 16-20 16" stroke="${rust}" stroke-width="6" fill="none"/>
  ${times(27, (n) => `<path d="M${166 + n * 20.6} 310v${n % 5 === 0 ? 22 : 12}" stroke="${ink}" stroke-width="3"/>`)}`

const screen = `
  ${box(110, 36, 740, 348, `rx="14" fill="#fff" stroke="${line}" stroke-width="4"`)}${box(110, 36, 740, 50, `rx="14" fill="${ink}"`)}
  ${times(3, (n) => `<circle cx="${140 + n * 26}" cy="61" r="8" fill="${line}"/>`)}${box(400, 52, 160, 18, `rx="9" fill="${accent}"`)}
  ${times(3, (n) => {
    const y = 110 + n * 90
    const chosen = n === 1
    return `${box(140, y, 680, 74, `rx="10" fill="${chosen ? pale : paper}"`)}${box(156, y + 12, 50, 50, `rx="6" fill="${chosen ? rust : line}"`)}
      ${box(228, y + 18, 220, 14, `rx="7" fill="${ink}"`)}${box(228, y + 44, 130, 10, `rx="5" fill="${line}"`)}
      ${box(656, y + 18, 144, 38, `rx="19" fill="${chosen ? accent : line}"`)}${box(688, y + 32, 80, 10, `rx="5" fill="${paper}"`)}`
  })}
  <path d="m742 252 10 58 14-18 22 2z" fill="${ink}" stroke="${paper}" stroke-width="4"/>`

/** What articles of the shop show, by their names in addresses. */
const pictures: Readonly<Record<string, Shown>> = {
  'track-parcel': {
    ...{ below: 1, drawing: way },
    alt: {
      en: 'Four steps: packed, on its way, at the pick-up point, delivered; the second one is reached',
      sl: 'Štirje koraki: zapakirano, na poti, na prevzemnem mestu, dostavljeno; dosežen je drugi',
      nb: 'Fire trinn: pakket, underveis, på hentestedet, levert; det andre er nådd',
    },
  },
  'pick-up-point': {
    ...{ below: 2, drawing: locker },
    alt: {
      en: 'A parcel locker: the code stands on its screen, and one door is open',
      sl: 'Paketnik: na zaslonu je koda, ena vratca so odprta',
      nb: 'En pakkeboks: koden står på skjermen, og én luke er åpen',
    },
  },
  'return-label': {
    ...{ below: 1, drawing: label },
    alt: {
      en: 'The label lies flat on the largest side of the box; beside it the QR code on a phone',
      sl: 'Nalepka leži ravno na največji stranici škatle; ob njej koda QR na telefonu',
      nb: 'Etiketten ligger glatt på den største siden av esken; ved siden av QR-koden på telefonen',
    },
  },
  'return-something': {
    ...{ below: 1, drawing: screen },
    alt: {
      en: 'The list of orders: each has its button on the right',
      sl: 'Seznam naročil: vsako ima svoj gumb na desni',
      nb: 'Listen over ordrer: hver har sin knapp til høyre',
    },
  },
  'boot-size': {
    ...{ below: 1, drawing: foot },
    alt: {
      en: 'A foot on a sheet of paper, measured from the wall to the longest toe',
      sl: 'Stopalo na listu papirja, izmerjeno od stene do najdaljšega prsta',
      nb: 'En fot på et papirark, målt fra veggen til den lengste tåa',
    },
  },
}

/** The texts of the shop with what they show, and the files of that. */
export function withPictures(files: readonly TextFile[]): FolderEntry[] {
  const used = new Set<string>()
  const texts = files.map((file) => {
    const [, slug = '', language] = /([^/]+)\.(en|sl|nb)\.md$/.exec(file.path) ?? []
    const shown = pictures[slug]
    if (!shown) return file
    used.add(slug)
    return { ...file, text: show(file.text, shown, `![${shown.alt[language as Language]}](/pictures/${slug}.png)`) }
  })
  return [...texts, ...[...used].map((slug) => ({ path: `pictures/${slug}.png`, read: () => draw(pictures[slug]!) }))]
}

function show(text: string, { below }: Shown, picture: string): string {
  let headings = 0
  return text.replaceAll(/^## .*$/gm, (heading) => (++headings === below ? `${heading}\n\n${picture}` : heading))
}

async function draw({ drawing }: Shown): Promise<Buffer> {
  const { default: sharp } = await import('sharp')
  const whole = `<svg xmlns="http://www.w3.org/2000/svg" width="960" height="420">${box(0, 0, 960, 420, `fill="${paper}"`)}${drawing}</svg>`
  return sharp(Buffer.from(whole)).png().toBuffer()
}
