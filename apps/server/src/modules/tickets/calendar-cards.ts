import { html } from '#platform/html.ts'
import { offsetOf } from './calendar-zones.ts'

/** One component's properties, names without parameters in upper case. */
type Properties = Map<string, { value: string; zone?: string }>

/**
 * An invitation as lines that any language reads: what, when, where, from whom. What is called off has a cross.
 * @param text RFC 5545
 * @returns undefined when there is no event in it
 */
export function invitationCard(text: string): string | undefined {
  const lines = unfolded(text)
  const event = propertiesOf(lines)
  const summary = plain(event.get('SUMMARY')?.value ?? '')
  const start = event.get('DTSTART')
  if (summary === '' && !start) return undefined
  const organizer = event.get('ORGANIZER')?.value.replace(/^mailto:/i, '') ?? ''
  const said = [
    `${/^METHOD:CANCEL\s*$/im.test(text) ? '✕' : '▸'} ${summary}`,
    [momentOf(start, lines), momentOf(event.get('DTEND'), lines)].filter(Boolean).join(' – '),
    plain(event.get('LOCATION')?.value ?? ''),
    organizer,
  ]
  return said.filter((line) => line.trim() !== '').join('\n  ')
}

/** The same above a mail with a layout of its own. @param card as `invitationCard` gives it */
export function cardHtml(card: string): string {
  const [first = '', ...rest] = card.split('\n').map((line) => String(html`${line.trim()}`))
  return `<table class="card"><tr><td>${[`<strong>${first}</strong>`, ...rest].join('<br>')}</td></tr></table>`
}

function unfolded(text: string): string[] {
  return text
    .replaceAll('\r', '')
    .replaceAll(/\n[ \t]/g, '')
    .split('\n')
}

/** Of the first event. */
function propertiesOf(lines: readonly string[]): Properties {
  const begin = lines.findIndex((line) => /^BEGIN:VEVENT$/i.test(line.trim()))
  const end = lines.findIndex((line, index) => index > begin && /^END:VEVENT$/i.test(line.trim()))
  const properties: Properties = new Map()
  if (begin < 0) return properties
  let inside = 0
  for (const line of lines.slice(begin + 1, end < 0 ? undefined : end)) {
    if (/^BEGIN:/i.test(line)) inside++
    else if (/^END:/i.test(line)) inside--
    const [, name, parameters = '', value = ''] = /^([A-Za-z-]+)((?:;(?:"[^"]*"|[^":])*)?):(.*)$/.exec(line) ?? []
    // An alarm inside an event has a summary of its own.
    if (inside > 0 || name === undefined || properties.has(name.toUpperCase())) continue
    properties.set(name.toUpperCase(), { value, zone: /TZID="?([^";:]+)/i.exec(parameters)?.[1] })
  }
  return properties
}

function plain(value: string): string {
  return value
    .replaceAll(/\\[nN]/g, ' ')
    .replaceAll(/\\(.)/g, '$1')
    .trim()
    .slice(0, 300)
}

/** A time of a zone that only the invitation itself knows is one of UTC. */
function momentOf(given: { value: string; zone?: string } | undefined, lines: readonly string[]): string {
  const [, year, month, day, hour, minute, utc] =
    /^(\d{4})(\d\d)(\d\d)(?:T(\d\d)(\d\d)\d\d(Z)?)?$/.exec(given?.value.trim() ?? '') ?? []
  if (year === undefined) return ''
  const date = `${year}-${month}-${day}`
  if (hour === undefined) return date
  const zone = given?.zone
  if (utc || zone === undefined) return `${date} ${hour}:${minute}${utc ? ' UTC' : ''}`
  const shown = new Date(`${date}T${hour}:${minute}:00Z`)
  const offset = isNamedEverywhere(zone) || !Number.isFinite(shown.getTime()) ? undefined : offsetOf(lines, zone, shown)
  if (offset === undefined) return `${date} ${hour}:${minute} (${zone.slice(0, 60)})`
  return `${new Date(shown.getTime() - offset * 60_000).toISOString().slice(0, 16).replace('T', ' ')} UTC`
}

function isNamedEverywhere(timeZone: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone }).format(0) !== ''
  } catch {
    return false
  }
}
