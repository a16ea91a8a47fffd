-- By what a ticket is found: words of its messages (0010), and what else is known of it, one row each.

create table ticket_words (
  workspace_id uuid not null,
  ticket_id uuid not null,
  -- Of the ticket: so that those of common words are found by going through the newest.
  created_at timestamptz not null,
  searched tsvector not null,
  primary key (workspace_id, ticket_id),
  foreign key (workspace_id, ticket_id) references tickets (workspace_id, id) on delete cascade
);
select protect_tenant_table('ticket_words');
create index ticket_words_searched on ticket_words using gin (workspace_id, searched);
create index ticket_words_newest on ticket_words (workspace_id, created_at desc);

-- Customers who are known by other words since then: their tickets are written anew by and by, whoever changed them waits
-- for nobody. A row for each change.
create table ticket_word_changes (
  workspace_id uuid not null references workspaces on delete cascade,
  id uuid not null default gen_random_uuid(),
  customer_id uuid not null,
  -- The ticket up to which this is done.
  done_to uuid,
  primary key (workspace_id, id)
);
select protect_tenant_table('ticket_word_changes');

-- Members whom notes of a ticket name.
create table ticket_mentions (
  workspace_id uuid not null,
  ticket_id uuid not null,
  member_id uuid not null,
  primary key (workspace_id, ticket_id, member_id),
  foreign key (workspace_id, ticket_id) references tickets (workspace_id, id) on delete cascade,
  foreign key (workspace_id, member_id) references members (workspace_id, id) on delete cascade
);
select protect_tenant_table('ticket_mentions');
create index ticket_mentions_member on ticket_mentions (workspace_id, member_id);

-- What stands between marks is a word of its own: kranjc of maja.kranjc@example.no, 2024 of zip-2024.jpg.
create function part_words(given text) returns text language sql immutable parallel safe
  set search_path = pg_catalog as $$
  select regexp_replace(given, '[!-/:-@\[-`{-~]+', ' ', 'g')
$$;

-- A number to call, from each of its digits on: it is found however much of what stands before it is left out.
create function phone_words(phone text) returns text language sql immutable parallel safe
  set search_path = pg_catalog as $$
  select string_agg('tel' || substr(d.digits, n), ' ')
  from (select regexp_replace(phone, '\D', '', 'g') as digits) d, generate_series(1, length(d.digits) - 4) n
$$;

-- Writes what some tickets are found by: number, subject, tags, what custom fields say, names of files, who takes part,
-- and whatever their customer and that one's organisation is looked for by.
create function write_ticket_words(own uuid, ids uuid[]) returns void
language plpgsql security definer set search_path = pg_catalog, public
-- Statistics of a new workspace say that there is nothing, and what was planned by them would read all that came since.
set enable_seqscan = off as $$
begin
  -- Who writes after somebody else has read what that one wrote.
  perform from ticket_words w where w.workspace_id = own and w.ticket_id = any(ids) order by w.ticket_id for update;
  insert into ticket_words as w (workspace_id, ticket_id, created_at, searched)
  select t.workspace_id, t.id, t.created_at, to_tsvector('simple', part_words(fold_words(concat_ws(' ',
    t.number, t.subject,
    (select string_agg(g.tag, ' ') from ticket_tags g where g.workspace_id = own and g.ticket_id = t.id),
    (select string_agg(left(v.value, 1000), ' ') from ticket_field_values v
      join ticket_fields f on f.workspace_id = own and f.id = v.field_id
      where v.workspace_id = own and v.ticket_id = t.id and f.kind <> 'yes_no'),
    (select string_agg(n.name, ' ') from (
      select f.name from ticket_messages m
      join ticket_attachments a on a.workspace_id = own and a.message_id = m.id
      join files f on f.workspace_id = own and f.id = a.file_id
      where m.workspace_id = own and m.ticket_id = t.id limit 500) n),
    (select string_agg(p.name || ' ' || p.address, ' ') from (
      select p.name, p.address from ticket_participants p
      where p.workspace_id = own and p.ticket_id = t.id limit 500) p),
    c.searched, phone_words(c.phone), i.searched, phone_words(i.phone)))))
  from tickets t
  left join customers c on c.workspace_id = own and c.id = t.customer_id
  -- Who the same person is.
  left join customers i on i.workspace_id = own and i.id = c.merged_into
  where t.workspace_id = own and t.id = any(ids)
  order by t.id
  on conflict (workspace_id, ticket_id) do update set searched = excluded.searched
    where w.searched is distinct from excluded.searched;
end $$;
revoke all on function write_ticket_words(uuid, uuid[]) from public;

-- The same of those that have been written before: one that is new is written at the end of its transaction, once, with
-- all that came with it.
create function rewrite_ticket_words(own uuid, ids uuid[]) returns void
language plpgsql security definer set search_path = pg_catalog, public set enable_seqscan = off as $$
begin
  ids := array(select w.ticket_id from ticket_words w where w.workspace_id = own and w.ticket_id = any(ids));
  if cardinality(ids) > 0 then perform write_ticket_words(own, ids); end if;
end $$;
revoke all on function rewrite_ticket_words(uuid, uuid[]) from public;

-- Triggers, so that no verb can change one of these and leave its words behind. Of a row that is gone nothing is left to
-- be written: what went with its ticket costs one look.
create function follow_new_ticket() returns trigger
language plpgsql security definer set search_path = pg_catalog, public as $$
begin
  perform write_ticket_words(new.workspace_id, array[new.id]);
  return null;
end $$;
create function follow_ticket() returns trigger
language plpgsql security definer set search_path = pg_catalog, public as $$
begin
  perform rewrite_ticket_words(new.workspace_id, array[new.id]);
  return null;
end $$;
create function follow_parts_of_tickets() returns trigger
language plpgsql security definer set search_path = pg_catalog, public as $$
begin
  perform rewrite_ticket_words(c.workspace_id, array_agg(distinct c.ticket_id)) from changed c group by c.workspace_id;
  return null;
end $$;
create function follow_files_of_tickets() returns trigger
language plpgsql security definer set search_path = pg_catalog, public set enable_seqscan = off as $$
begin
  perform rewrite_ticket_words(c.workspace_id, array_agg(distinct m.ticket_id)) from changed c
    join ticket_messages m on m.workspace_id = c.workspace_id and m.id = c.message_id group by c.workspace_id;
  return null;
end $$;
create function follow_moved_message() returns trigger
language plpgsql security definer set search_path = pg_catalog, public as $$
begin
  perform rewrite_ticket_words(new.workspace_id, array[old.ticket_id, new.ticket_id]);
  return null;
end $$;
create function follow_customer() returns trigger
language plpgsql security definer set search_path = pg_catalog, public set enable_seqscan = off as $$
begin
  insert into ticket_word_changes (workspace_id, customer_id)
  select new.workspace_id, new.id where exists (
    select from tickets t where t.workspace_id = new.workspace_id and t.customer_id in (
      select new.id union all
      select c.id from customers c where c.workspace_id = new.workspace_id and c.merged_into = new.id));
  return null;
end $$;

-- Writes up to `most` tickets of a customer who has changed, in the workspace that is set. @returns whether there was one
create function write_changed_ticket_words(most integer) returns boolean
language plpgsql security definer set search_path = pg_catalog, public set enable_seqscan = off as $$
declare
  own uuid := nullif(current_setting('app.workspace', true), '')::uuid;
  change ticket_word_changes;
  ids uuid[];
begin
  select * into change from ticket_word_changes c where c.workspace_id = own limit 1 for update skip locked;
  if change.id is null then return false; end if;
  ids := array(
    select t.id from tickets t
    where t.workspace_id = own and (change.done_to is null or t.id > change.done_to) and t.customer_id in (
      select change.customer_id union all
      select c.id from customers c where c.workspace_id = own and c.merged_into = change.customer_id)
    order by t.id limit most for no key update of t);
  perform write_ticket_words(own, ids);
  if cardinality(ids) < most then
    delete from ticket_word_changes c where c.workspace_id = own and c.id = change.id;
  else
    update ticket_word_changes c set done_to = ids[most] where c.workspace_id = own and c.id = change.id;
  end if;
  return true;
end $$;
revoke all on function write_changed_ticket_words(integer) from public;
grant execute on function write_changed_ticket_words(integer) to lahko_app;

revoke all on function follow_new_ticket(), follow_ticket(), follow_parts_of_tickets(), follow_files_of_tickets(),
  follow_moved_message(), follow_customer() from public;

create constraint trigger words_of_new after insert on tickets deferrable initially deferred
  for each row execute function follow_new_ticket();
create trigger words_of_changed after update on tickets for each row
  when (old.subject is distinct from new.subject or old.customer_id is distinct from new.customer_id)
  execute function follow_ticket();
create trigger words_of_new after insert on ticket_tags referencing new table as changed
  for each statement execute function follow_parts_of_tickets();
create trigger words_of_gone after delete on ticket_tags referencing old table as changed
  for each statement execute function follow_parts_of_tickets();
create trigger words_of_new after insert on ticket_field_values referencing new table as changed
  for each statement execute function follow_parts_of_tickets();
create trigger words_of_changed after update on ticket_field_values referencing new table as changed
  for each statement execute function follow_parts_of_tickets();
create trigger words_of_gone after delete on ticket_field_values referencing old table as changed
  for each statement execute function follow_parts_of_tickets();
create trigger words_of_new after insert on ticket_participants referencing new table as changed
  for each statement execute function follow_parts_of_tickets();
create trigger words_of_changed after update on ticket_participants referencing new table as changed
  for each statement execute function follow_parts_of_tickets();
create trigger words_of_gone after delete on ticket_participants referencing old table as changed
  for each statement execute function follow_parts_of_tickets();
create trigger words_of_new after insert on ticket_attachments referencing new table as changed
  for each statement execute function follow_files_of_tickets();
create trigger words_of_gone after delete on ticket_attachments referencing old table as changed
  for each statement execute function follow_files_of_tickets();
create trigger words_of_moved after update on ticket_messages for each row
  when (old.ticket_id is distinct from new.ticket_id) execute function follow_moved_message();
-- Its files go with it.
create trigger words_of_gone after delete on ticket_messages referencing old table as changed
  for each statement execute function follow_parts_of_tickets();
create trigger words_of_changed after update on customers for each row
  when (old.searched is distinct from new.searched or old.phone is distinct from new.phone
    or old.merged_into is distinct from new.merged_into)
  execute function follow_customer();

-- Matching words is not leakproof, so under row-level security it would not reach its index. Ids of tickets of the
-- workspace that is set, the best of the newest `most` that match first. The last word may be the beginning of one.
create function search_tickets(words text, most integer) returns setof uuid
-- Not stable, as only such a function may ask for a plan.
language plpgsql volatile security definer set search_path = pg_catalog, public
-- Whether the index of words or that of moments is the shorter way depends on how common the words are.
set plan_cache_mode = force_custom_plan as $$
declare
  own uuid := nullif(current_setting('app.workspace', true), '')::uuid;
  sought tsquery := plainto_tsquery('simple', fold_words(words));
  -- Of what is known of a ticket besides its messages, which is kept in parts.
  parts tsquery := plainto_tsquery('simple', part_words(fold_words(words)));
  digits text := ltrim(regexp_replace(words, '\D', '', 'g'), '0');
  begins text := case when words ~ '[^[:space:]]{3}$' then ':*' else '' end;
  plan json;
  likely double precision;
  known uuid[];
  -- Twice as many as are wanted have been written since then, if they are spread evenly.
  since timestamptz := '-infinity';
begin
  if numnode(parts) = 0 then return; end if;
  parts := (parts::text || begins)::tsquery;
  if numnode(sought) > 0 then sought := (sought::text || begins)::tsquery; end if;
  -- With or without the country and the zero before it.
  if words ~ '^[+(]{0,2}[0-9][0-9 ()./-]*$' and length(digits) >= 5 then
    parts := parts || ('tel' || digits || ':*')::tsquery;
  end if;
  execute format('explain (format json) select from ticket_messages where workspace_id = %L and searched @@ %L', own,
    sought) into plan;
  likely := (plan -> 0 -> 'Plan' ->> 'Plan Rows')::double precision;
  if likely > 2 * most then
    select least(max(m.at), now()) - (least(max(m.at), now()) - min(m.at)) * (2 * most / likely) into since
    from ticket_messages m where m.workspace_id = own;
  end if;
  execute format('explain (format json) select from ticket_words where workspace_id = %L and searched @@ %L', own,
    parts) into plan;
  -- The index of words is gone through by bitmaps alone: what is common is found by going through the newest.
  if (plan -> 0 -> 'Plan' ->> 'Plan Rows')::double precision > 2 * most then
    perform set_config('enable_bitmapscan', 'off', true);
  end if;
  known := array(select w.ticket_id from ticket_words w
    where w.workspace_id = own and w.searched @@ parts order by w.created_at desc limit most);
  perform set_config('enable_bitmapscan', 'on', true);
  return query
    with lately as materialized (
      select m.ticket_id, m.at, m.searched from ticket_messages m
      where m.workspace_id = own and m.searched @@ sought and m.at >= since order by m.at desc limit most
    ), earlier as materialized (
      select m.ticket_id, m.at, m.searched from ticket_messages m
      where since > '-infinity' and (select count(*) from lately) < most
        and m.workspace_id = own and m.searched @@ sought and m.at < since
      order by m.at desc limit most - (select count(*) from lately)
    )
    select hit.id from (
      select m.ticket_id as id, m.at, ts_rank(m.searched, sought) as rank from (table lately union all table earlier) m
      union all
      select w.ticket_id, t.updated_at, ts_rank(w.searched, parts) from ticket_words w
      join tickets t on t.workspace_id = own and t.id = w.ticket_id
      where w.workspace_id = own and w.ticket_id = any(known)
    ) hit group by hit.id order by max(hit.rank) desc, max(hit.at) desc, hit.id limit most;
end $$;
revoke all on function search_tickets(text, integer) from public;
grant execute on function search_tickets(text, integer) to lahko_app;

-- What a customer had tried before they sent a request, in its order: a copy, since the episode is forgotten.
create table ticket_attempts (
  workspace_id uuid not null,
  ticket_id uuid not null,
  place smallint not null,
  kind text not null check (kind in ('search', 'article')),
  -- What was searched for, masked; the title of an article as it was then.
  text text not null,
  -- Null: a search, or an article that is gone.
  article_id uuid,
  language text,
  primary key (workspace_id, ticket_id, place),
  foreign key (workspace_id, ticket_id) references tickets (workspace_id, id) on delete cascade,
  foreign key (workspace_id, article_id) references articles (workspace_id, id) on delete set null (article_id)
);
select protect_tenant_table('ticket_attempts');
create index ticket_attempts_article on ticket_attempts (workspace_id, article_id) where article_id is not null;
