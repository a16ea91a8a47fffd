import { hash } from 'node:crypto'
import { customerInput, type CustomerReference } from '@lahko/contract/people'
import type { CustomerColumns } from '@lahko/contract/customer-imports'
import type { TableRow } from '@lahko/tables'
import { cleanCell, rowProblem, type RefusedRow } from '#platform/uploads.ts'

/** A customer comes in without what cannot be read and is not needed to know them. */
export type ReadCustomer =
  | { kind: 'customer'; input: CustomerReference; without: RefusedRow[] }
  | ({ kind: 'refused' } & RefusedRow)

const longestValue = 200

/** Reads rows of a file as customers. Pure: the same row is always the same customer. */
export function createCustomerReader(mapping: CustomerColumns): (row: TableRow) => ReadCustomer {
  const fields = Object.entries(mapping) as [keyof CustomerColumns, string][]
  return ({ line, record, problem }) => {
    if (problem) return { kind: 'refused', line, value: '', code: rowProblem(problem) }
    const cells = fields.map(([field, column]) => [field, cleanCell(record[column] ?? '')] as const)
    const given = joined(Object.fromEntries(cells.filter(([, value]) => value !== '')))
    return asCustomer(given, line, mapping)
  }
}

type Given = Record<string, string>

/** What is left out where it cannot be read, since the rest says who they are. */
const dispensable = ['phone', 'timeZone']

function asCustomer(given: Given, line: number, mapping: CustomerColumns): ReadCustomer {
  if (nameOf(given) === undefined) return { kind: 'refused', line, value: shown(given), code: 'people.row_nameless' }
  const parsed = customerInput.safeParse(given)
  if (parsed.success) return { kind: 'customer', input: parsed.data, without: [] }
  const [issue] = parsed.error.issues
  const field = String(issue!.path[0]) as keyof CustomerColumns
  const args = { column: mapping[field] ?? '', most: issue!.code === 'too_big' ? Number(issue!.maximum) : 0 }
  const code = issue!.code === 'too_big' ? 'people.row_too_long' : (codes[field] ?? 'people.row_bad_value')
  const value = (given[field] ?? '').slice(0, longestValue).toWellFormed()
  const { [field]: _, ...rest } = given
  const refused = { kind: 'refused', line, value, code, args } as const
  if (!dispensable.includes(field) || nameOf(rest) === undefined) return refused
  const read = asCustomer(rest, line, mapping)
  return read.kind === 'refused' ? read : { ...read, without: [{ line, value, code, args }, ...read.without] }
}

/** Many programs keep a name in two columns. */
function joined({ familyName, ...given }: Given): Given {
  const name = [given['name'], familyName].filter((part) => part !== undefined).join(' ')
  return name === '' ? given : { ...given, name }
}

const codes: Partial<Record<keyof CustomerColumns, string>> = {
  email: 'people.row_bad_email',
  phone: 'people.row_bad_phone',
  timeZone: 'people.row_bad_time_zone',
}

/** What tells one customer of a file from the others, as a key of `createSeenKeys`. */
export function keyOfCustomer(input: CustomerReference): string {
  return hash('sha256', nameOf(input) ?? '', 'hex')
}

function nameOf({ externalId, email, phone }: Pick<CustomerReference, 'externalId' | 'email' | 'phone'>) {
  return externalId ?? email ?? phone
}

function shown(given: Given): string {
  return Object.values(given).join(' · ').slice(0, longestValue).toWellFormed()
}
