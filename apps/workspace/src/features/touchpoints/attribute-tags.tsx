import { attributeAlone, attributeName } from '../insight/attributes.ts'

const most = 6

/** Attributes as a line of tags; each says on hovering what it is. What one has said no other says again. */
export function AttributeTags({ attributes }: { attributes: Readonly<Record<string, string>> }) {
  const all = Object.entries(attributes).map(
    ([attribute, value]) => [attribute, attributeAlone(attribute, value)] as const,
  )
  if (all.length === 0) return null
  const told = all.filter(([, shown], place) => all.findIndex(([, other]) => other === shown) === place)
  return (
    <p className="cluster">
      {told.slice(0, most).map(([attribute, shown]) => (
        <span className="tag" key={attribute} title={attributeName(attribute)}>
          {shown}
        </span>
      ))}
    </p>
  )
}
