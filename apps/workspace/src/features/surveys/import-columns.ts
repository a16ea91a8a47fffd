import type { ImportMapping } from '@lahko/contract'

/** What a column can be, besides an attribute or nothing. */
export const roles = [
  'score',
  'answeredAt',
  'comment',
  'externalId',
  'language',
  'customerEmail',
  'customerName',
  'customerExternalId',
] as const
export type Role = (typeof roles)[number] | 'attribute' | 'none'
type Mapping = Partial<ImportMapping>

/** What a column is in this mapping. */
export function roleOf(mapping: Mapping, column: string): Role {
  if (Object.values(mapping.attributes ?? {}).includes(column)) return 'attribute'
  return roles.find((role) => mapping[role] === column) ?? 'none'
}

/** The attribute that a column is or would be: as it was guessed, else by its heading. */
export function attributeFor({ attributes = {} }: Mapping, column: string): string {
  return Object.keys(attributes).find((name) => attributes[name] === column) ?? attributeOf(column)
}

/** The mapping with a column in another role; a role that only one column can have is taken from the other. */
export function assign(mapping: Mapping, column: string, role: Role, attribute = attributeOf(column)): Mapping {
  const attributes = Object.fromEntries(Object.entries(mapping.attributes ?? {}).filter(([, one]) => one !== column))
  const kept = Object.fromEntries(
    Object.entries(mapping).filter(([name, one]) => name !== 'attributes' && (one !== column || name === 'timeZone')),
  )
  if (role === 'attribute') attributes[attribute] = column
  return { ...kept, ...(role !== 'attribute' && role !== 'none' && { [role]: column }), attributes }
}

/** A column’s heading as an attribute is named: `Kanal stika` → `kanal_stika`. */
export function attributeOf(column: string): string {
  const name = column
    .toLowerCase()
    .normalize('NFD')
    .replaceAll(/\p{M}/gu, '')
    .replaceAll(/[^a-z0-9]+/g, '_')
    .replaceAll(/^[^a-z]+|_+$/g, '')
    .slice(0, 40)
  return name || 'column'
}
