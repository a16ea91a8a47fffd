import { Icon } from '../../platform/icon.tsx'
import { IconMenu } from '../../platform/icon-menu.tsx'
import { MenuItem } from '../../platform/popover.tsx'
import { Waiting } from '../../platform/states.tsx'
import { language, t } from '../../platform/words.ts'
import { ArticleRow } from './article-row.tsx'
import { Grip } from './grip.tsx'
import { removeCollection } from './placing.ts'
import { useTree } from './tree-context.ts'
import { countIn, titleIn, type Branch, type Direction } from './tree.ts'

const mostLevels = 3
const directions: Readonly<Record<string, Direction>> = {
  ArrowUp: 'up',
  ArrowDown: 'down',
  ArrowRight: 'in',
  ArrowLeft: 'out',
}

/** A collection: its head, its articles, and the collections in it. */
export function BranchView({ branch }: { branch: Branch }) {
  const { narrowed, isClosed, isWaitingIn, dragged } = useTree()
  const { collection, articles, count, branches } = branch
  const open = narrowed || !isClosed(collection.id)
  return (
    <li className="ar-branch" data-level={branch.level} data-dragged={dragged?.id === collection.id || undefined}>
      <Head branch={branch} open={open} />
      {open && (
        <div className="ar-inside" id={`inside-${collection.id}`}>
          {articles.length > 0 && (
            <ul className="ar-list">
              {articles.map((article) => (
                <ArticleRow key={article.id} article={article} />
              ))}
            </ul>
          )}
          {isWaitingIn(collection.id) && <Waiting lines={Math.min(count, 5)} />}
          <ShowMore id={collection.id} />
          {count + branches.length === 0 && <Nothing branch={branch} />}
          {branches.length > 0 && (
            <ul className="ar-tree">
              {branches.map((inner) => (
                <BranchView key={inner.collection.id} branch={inner} />
              ))}
            </ul>
          )}
        </div>
      )}
    </li>
  )
}

/** The next articles of a collection, or of those that fit. */
export function ShowMore({ id }: { id: string }) {
  const { hasMore, showMore } = useTree()
  if (!hasMore(id)) return null
  return (
    <p className="ar-nothing">
      <button type="button" className="button" data-size="small" onClick={() => showMore(id)}>
        {t('articles.showMore')}
      </button>
    </p>
  )
}

function Head({ branch, open }: { branch: Branch; open: boolean }) {
  const { mayWrite, stepCollection, toggle, narrowed } = useTree()
  const { collection, level } = branch
  const title = titleIn(collection.titles, language())
  const count = countIn(branch)
  const Title = level === 1 ? 'h2' : level === 2 ? 'h3' : 'h4'
  const onKey = (key: string) => {
    const direction = directions[key]
    if (direction) stepCollection(collection, direction)
    return direction !== undefined
  }
  return (
    <div className="ar-head" data-drop={`collection:${collection.id}`}>
      <Grip kind="collection" id={collection.id} name={title} onKey={onKey} />
      <Title className="ar-name">
        <button
          type="button"
          aria-expanded={open}
          aria-controls={open ? `inside-${collection.id}` : undefined}
          disabled={narrowed}
          onClick={() => toggle(collection.id)}
        >
          <Icon name={open ? 'down' : 'right'} />
          <span>{title}</span>
          <span className="count">
            <span aria-hidden="true">{count}</span>
            <span className="visually-hidden">{t('articles.count', { count })}</span>
          </span>
        </button>
      </Title>
      {mayWrite && <CollectionMenu branch={branch} title={title} />}
    </div>
  )
}

function Nothing({ branch: { collection } }: { branch: Branch }) {
  const { ask, mayWrite } = useTree()
  return (
    <p className="quiet ar-nothing">
      {t('articles.nothingInside')}{' '}
      {mayWrite && (
        <button
          type="button"
          className="button"
          data-size="small"
          onClick={() => ask({ kind: 'new-article', collectionId: collection.id })}
        >
          {t('articles.writeFirst')}
        </button>
      )}
    </p>
  )
}

function CollectionMenu({ branch, title }: { branch: Branch; title: string }) {
  const { ask, narrowed } = useTree()
  const { collection, level, count, branches } = branch
  return (
    <IconMenu name={t('articles.moreFor', { name: title })}>
      {(done) => (
        <>
          <MenuItem icon="plus" onPick={done(() => ask({ kind: 'new-article', collectionId: collection.id }))}>
            {t('articles.newHere')}
          </MenuItem>
          {level < mostLevels && (
            <MenuItem icon="plus" onPick={done(() => ask({ kind: 'new-collection', parentId: collection.id }))}>
              {t('articles.newCollectionHere')}
            </MenuItem>
          )}
          <MenuItem icon="note" onPick={done(() => ask({ kind: 'collection', collection }))}>
            {t('articles.rename')}
          </MenuItem>
          {!narrowed && <Steps branch={branch} done={done} />}
          <MenuItem icon="right" onPick={done(() => ask({ kind: 'move-collection', collection }))}>
            {t('articles.moveElsewhere')}
          </MenuItem>
          {count + branches.length === 0 && !narrowed && (
            <MenuItem icon="cross" bad onPick={done(() => void removeCollection(collection))}>
              {t('articles.remove')}
            </MenuItem>
          )}
        </>
      )}
    </IconMenu>
  )
}

function Steps({ branch: { collection }, done }: { branch: Branch; done: (work: () => void) => () => void }) {
  const { stepCollection } = useTree()
  return (
    <>
      <MenuItem icon="up" onPick={done(() => stepCollection(collection, 'up'))}>
        {t('articles.moveUp')}
      </MenuItem>
      <MenuItem icon="down" onPick={done(() => stepCollection(collection, 'down'))}>
        {t('articles.moveDown')}
      </MenuItem>
    </>
  )
}
