-- What comes back to the mails that were sent: bounces, complaints, replies, out-of-office notes.

-- With what the token in a mail's return address is signed, so that nobody can forge a bounce for another mail.
create table return_keys (
  workspace_id uuid primary key references workspaces on delete cascade,
  key bytea not null default decode(replace(gen_random_uuid()::text || gen_random_uuid()::text, '-', ''), 'hex')
);
select protect_tenant_table('return_keys');
insert into return_keys (workspace_id) select workspace_id from workspaces;

create function give_return_key() returns trigger language plpgsql as $$
begin
  insert into return_keys (workspace_id) values (new.workspace_id);
  return new;
end $$;
create trigger give_return_key after insert on workspaces for each row execute function give_return_key();

-- Everything that came in, once. What is about no mail of Lahko is the default workspace's.
create table returned_mails (
  workspace_id uuid not null references workspaces on delete cascade,
  id uuid not null,
  received_at timestamptz not null,
  -- SHA-256 of what stays the same in every copy of it.
  fingerprint bytea not null,
  -- As it came, at most the first megabyte, of what is about no mail 16 kB; null when it has been forgotten.
  raw bytea,
  -- Of all of it, in bytes.
  size integer not null,
  sender text not null default '',
  subject text not null default '',
  kind text not null default 'unread'
    check (kind in ('unread', 'bounce', 'delay', 'complaint', 'reply', 'auto_reply', 'set_aside')),
  -- Why it was set aside.
  reason text,
  -- Which mail it is about.
  mail_id uuid,
  -- As the server that sent it back says: `5.1.1`, and its words.
  status text,
  says text,
  -- What somebody wrote above the mail that they answered.
  text text,
  judged_at timestamptz,
  primary key (workspace_id, id),
  unique (workspace_id, fingerprint),
  foreign key (workspace_id, mail_id) references mails (workspace_id, id) on delete cascade
);
select protect_tenant_table('returned_mails');
create index returned_mails_kind on returned_mails (workspace_id, kind, id desc);
create index returned_mails_about on returned_mails (workspace_id, mail_id, received_at);
-- What a month makes forget: bytes, and all of what was set aside.
create index returned_mails_kept on returned_mails (workspace_id, received_at)
  where raw is not null or kind = 'set_aside';
-- What anybody may send, which is counted.
create index returned_mails_about_none on returned_mails (workspace_id, received_at) where mail_id is null;
create index mails_id on mails (id);

-- How far each mailbox has been read. It belongs to the installation, since whose a message is only its text says.
create table return_mailboxes (
  -- `user@host/folder`
  name text primary key,
  uid_validity bigint not null default 0,
  last_uid bigint not null default 0,
  -- When it was last read to its end; since when it cannot be, and why.
  checked_at timestamptz,
  failing_since timestamptz,
  error text
);

create function return_mailbox(p_name text) returns setof return_mailboxes
language sql stable security definer set search_path = pg_catalog, public as $$
  select * from return_mailboxes where name = p_name
$$;
revoke all on function return_mailbox(text) from public;
grant execute on function return_mailbox(text) to lahko_app;

-- Several processes may read one mailbox: none goes back behind another.
create function move_return_mailbox(p_name text, p_validity bigint, p_last bigint) returns void
language sql security definer set search_path = pg_catalog, public as $$
  insert into return_mailboxes as b (name, uid_validity, last_uid) values (p_name, p_validity, p_last)
  on conflict (name) do update set uid_validity = p_validity,
    last_uid = case when b.uid_validity = p_validity then greatest(b.last_uid, p_last) else p_last end
$$;
revoke all on function move_return_mailbox(text, bigint, bigint) from public;
grant execute on function move_return_mailbox(text, bigint, bigint) to lahko_app;

-- `p_error` null: it has been read to its end.
create function note_return_mailbox(p_name text, p_at timestamptz, p_error text) returns void
language sql security definer set search_path = pg_catalog, public as $$
  insert into return_mailboxes as b (name, checked_at, failing_since, error)
  values (p_name, case when p_error is null then p_at end, case when p_error is not null then p_at end, p_error)
  on conflict (name) do update set checked_at = coalesce(excluded.checked_at, b.checked_at),
    failing_since = case when p_error is not null then coalesce(b.failing_since, p_at) end, error = p_error
$$;
revoke all on function note_return_mailbox(text, timestamptz, text) from public;
grant execute on function note_return_mailbox(text, timestamptz, text) to lahko_app;

-- Whose mail it is. The id is random enough to be known only to whoever got the mail; a token is checked besides.
create function workspace_of_mail(p_mail uuid) returns uuid
language sql stable security definer set search_path = pg_catalog, public as $$
  select m.workspace_id from mails m where m.id = p_mail limit 1
$$;
revoke all on function workspace_of_mail(uuid) from public;
grant execute on function workspace_of_mail(uuid) to lahko_app;
