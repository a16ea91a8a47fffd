/** The icons of the look: 20 by 20, drawn with a line of 1.5. */
const paths = {
  mark: 'M2.5 16h15L17.5 5z',
  effort: 'M2.5 16h15L17.5 5z',
  surveys:
    'M5 3.5h10A1.5 1.5 0 0 1 16.5 5v10a1.5 1.5 0 0 1-1.5 1.5H5A1.5 1.5 0 0 1 3.5 15V5A1.5 1.5 0 0 1 5 3.5zM6.5 13v-2M10 13V9M13.5 13V7',
  outbox: 'M3.5 11v5.5h13V11M10 13V4M6.5 7.5 10 4l3.5 3.5',
  inbox: 'M3.5 11v5.5h13V11M10 4v9M6.5 9.5 10 13l3.5-3.5',
  tray: 'M3 11.5 5.2 4.8h9.6L17 11.5v4.7H3zM3 11.5h4l1 2h4l1-2h4',
  mail: 'M3 5h14v10H3zM3.5 5.5 10 11l6.5-5.5',
  ledger: 'M7 5.5h9.5M7 10h9.5M7 14.5h9.5M3.5 5.5v.1M3.5 10v.1M3.5 14.5v.1',
  settings:
    'M3.5 6h7M14.5 6h2M3.5 14h2M9.5 14h7M14.5 6a2 2 0 1 1-4 0 2 2 0 0 1 4 0zM9.5 14a2 2 0 1 1-4 0 2 2 0 0 1 4 0z',
  person: 'M13.2 7a3.2 3.2 0 1 1-6.4 0 3.2 3.2 0 0 1 6.4 0zM4 17c.5-3.3 2.8-5 6-5s5.5 1.7 6 5',
  people:
    'M10.5 7.5a3 3 0 1 1-6 0 3 3 0 0 1 6 0zM2.5 16c.4-2.9 2.3-4.4 5-4.4s4.6 1.5 5 4.4M12.5 4.8a2.8 2.8 0 0 1 0 5.4M14 12c2 .4 3.2 1.8 3.5 4',
  touchpoints: 'M4.5 4.5h11a1 1 0 0 1 1 1v7a1 1 0 0 1-1 1H10l-3.5 3v-3h-2a1 1 0 0 1-1-1v-7a1 1 0 0 1 1-1z',
  bell: 'M5.5 13.5V9a4.5 4.5 0 0 1 9 0v4.5l1.5 1.5H4zM8.5 17.2h3',
  search: 'M14.5 9a5.5 5.5 0 1 1-11 0 5.5 5.5 0 0 1 11 0zM13.2 13.2l3.8 3.8',
  left: 'M12 5.5 7.5 10l4.5 4.5',
  right: 'm8 5.5 4.5 4.5L8 14.5',
  down: 'm5.5 8 4.5 4.5L14.5 8',
  up: 'm5.5 12 4.5-4.5 4.5 4.5',
  check: 'm4.5 10.5 3.5 3.5 7.5-8',
  cross: 'm5 5 10 10M15 5 5 15',
  plus: 'M10 4v12M4 10h12',
  minus: 'M4 10h12',
  warning: 'M10 3.5 17.5 16.5h-15zM10 8.5v3.5M10 14.3v.1',
  note: 'M16.8 10a6.8 6.8 0 1 1-13.6 0 6.8 6.8 0 0 1 13.6 0zM10 9.3v4M10 6.7v.1',
  grip: 'M7.5 5v.1M7.5 10v.1M7.5 15v.1M12.5 5v.1M12.5 10v.1M12.5 15v.1',
  more: 'M4.5 10v.1M10 10v.1M15.5 10v.1',
  busy: 'M10 3.5a6.5 6.5 0 1 1-6.5 6.5',
  copy: 'M7.5 7.5h9v9h-9zM12.5 7.5v-4h-9v9h4',
  leave: 'M8 3.5H4.5v13H8M8 10h9M13.5 6.5 17 10l-3.5 3.5',
  key: 'M9.8 7.4a3.4 3.4 0 1 1-6.8 0 3.4 3.4 0 0 1 6.8 0zM8.8 9.8l6.7 6.7M12.5 13.5l2-2M15.5 16.5l1.5-1.5',
  upload: 'M10 13V4M6.5 7.5 10 4l3.5 3.5M3.5 13v3.5h13V13',
  clock: 'M16.8 10a6.8 6.8 0 1 1-13.6 0 6.8 6.8 0 0 1 13.6 0zM10 6v4.2l2.8 1.8',
  tag: 'M3.5 3.5h6l7 7-6 6-7-7zM6.8 6.8v.1',
  merge: 'M6 3.5v4c0 3 4 2.5 4 6v3M14 3.5v4c0 3-4 2.5-4 6M7.5 14 10 16.5l2.5-2.5',
  bolt: 'M10.8 3 5 11h4.2L8.5 17 15 8.5h-4.5z',
  clip: 'm14.5 9.5-5 5a3 3 0 0 1-4.3-4.3l6-6a2 2 0 0 1 2.9 2.9l-5.8 5.8a1 1 0 0 1-1.5-1.4l5-5',
  bold: 'M6 4h4.5a3 3 0 0 1 0 6H6zM6 10h5.2a3 3 0 0 1 0 6H6z',
  italic: 'M9 4h5M6 16h5M11.5 4l-3 12',
  link: 'M8.5 11.5a3 3 0 0 0 4.3 0l2.9-2.9a3 3 0 0 0-4.3-4.3l-.9.9M11.5 8.5a3 3 0 0 0-4.3 0l-2.9 2.9a3 3 0 0 0 4.3 4.3l.9-.9',
  faceHard:
    'M17.5 10a7.5 7.5 0 1 1-15 0 7.5 7.5 0 0 1 15 0zM6.5 13.9c1-1.6 2.1-2.3 3.5-2.3s2.5.7 3.5 2.3M7.3 7.7v.6M12.7 7.7v.6',
  faceNeither: 'M17.5 10a7.5 7.5 0 1 1-15 0 7.5 7.5 0 0 1 15 0zM6.8 12.8h6.4M7.3 7.7v.6M12.7 7.7v.6',
  faceEasy:
    'M17.5 10a7.5 7.5 0 1 1-15 0 7.5 7.5 0 0 1 15 0zM6.5 11.8c1 1.6 2.1 2.3 3.5 2.3s2.5-.7 3.5-2.3M7.3 7.7v.6M12.7 7.7v.6',
} as const

export type IconName = keyof typeof paths

/** A drawing beside a word; it is hidden from whoever listens, so the word must be there. */
export function Icon({ name }: { name: IconName }) {
  return (
    <svg className="icon" viewBox="0 0 20 20" aria-hidden="true">
      <path d={paths[name]} strokeWidth={name === 'grip' || name === 'more' ? 2 : undefined} />
    </svg>
  )
}
