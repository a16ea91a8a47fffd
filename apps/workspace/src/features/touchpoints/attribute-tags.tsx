import { attributeAlone, attributeName } from '../insight/attributes.ts'

/** Attributes as a line of tags; each says on hovering what it is. */
export function AttributeTags({ attributes }: { attributes: Readonly<Record<string, string>> }) {
  const all = Object.entries(attributes)
  if (all.length === 0) return null
  return (
    <p className="cluster">
      {all.slice(0, 6).map(([attribute, value]) => (
        <span className="tag" key={attribute} title={attributeName(attribute)}>
          {attributeAlone(attribute, value)}
        </span>
      ))}
    </p>
  )
}
