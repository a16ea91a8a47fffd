import { fileAddress } from './attachments.tsx'
import { piecesOf } from './pieces.ts'

/** Text as it was written, line by line; addresses in it are links that open elsewhere, and pictures stand where they were put. */
export function RichText({ text, plain = false }: { text: string; plain?: boolean }) {
  return (
    <p className="in-text">
      {piecesOf(text, plain).map((piece, place) => {
        if (piece.kind === 'bold') return <strong key={place}>{piece.text}</strong>
        if (piece.kind === 'italic') return <em key={place}>{piece.text}</em>
        if (piece.kind === 'link')
          return (
            <a key={place} href={piece.href} target="_blank" rel="noopener noreferrer">
              {piece.text}
            </a>
          )
        if (piece.kind === 'picture')
          return (
            <img key={place} className="in-picture" src={fileAddress(piece.fileId)} alt={piece.text} loading="lazy" />
          )
        return piece.text
      })}
    </p>
  )
}
