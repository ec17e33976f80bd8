//! Signing in and out, the password, and personal access tokens.

use async_graphql::{Context, InputObject, Object, Result, SimpleObject};

use crate::access::secret::Secret;
use crate::access::token::Rejected;
use crate::access::{Account, Credential, Grant, Right, Role};
use crate::accounts::{Accepted, Changed, MAX_DAYS, MadeToken, TokenRequest, normalized_name};
use crate::content::Id;
use crate::graphql::account::{AccessTokenNode, SignIn, account, failed, own_account, visit};
use crate::graphql::error::{Code, denied};
use crate::graphql::query::reading;
use crate::graphql::user_error::{UserError, UserErrorCode};
use crate::snapshot::View;

/// How long a personal access token is valid when nobody says.
const DEFAULT_DAYS: i32 = 90;
/// The most events that a personal access token names.
const MAX_EVENTS: usize = 100;

/// What `login` takes.
#[derive(InputObject)]
struct LoginInput {
    /// The address of the account.
    email: String,
    /// The password.
    password: String,
}

/// What `refreshSession` takes.
#[derive(InputObject)]
struct RefreshSessionInput {
    /// The refresh token that came with the last access token.
    refresh_token: String,
}

/// What `logout` takes.
#[derive(InputObject)]
struct LogoutInput {
    /// A refresh token whose session ends; left out, the session of the request's own token ends. With it, no other token
    /// is needed.
    refresh_token: Option<String>,
    /// Whether all of your sessions end, on every device.
    #[graphql(default)]
    everywhere: bool,
}

/// What `changePassword` takes.
#[derive(InputObject)]
struct ChangePasswordInput {
    /// The password until now.
    current_password: String,
    /// The password from now on: 12 characters or more, 1024 bytes at most.
    new_password: String,
    /// Whether your personal access tokens go on being good. Sessions all end.
    #[graphql(default)]
    keep_access_tokens: bool,
}

/// What `createAccessToken` takes.
#[derive(InputObject)]
struct CreateAccessTokenInput {
    /// What it is for, 1 to 200 characters.
    name: String,
    /// What it may do at most; every token may read. It never has a right that you do not have at that moment.
    scopes: Vec<Right>,
    /// The slugs of the events that it is good for, at most 100; left out, all events that you have a role at.
    events: Option<Vec<String>>,
    /// How many days it is valid: 1 to 366.
    #[graphql(default_with = "DEFAULT_DAYS")]
    days: i32,
}

/// What `revokeAccessToken` takes.
#[derive(InputObject)]
struct RevokeAccessTokenInput {
    /// The id of the token.
    id: Id,
}

/// What `acceptInvitation` takes.
#[derive(InputObject)]
struct AcceptInvitationInput {
    /// The token of the invitation.
    token: String,
    /// Your name, where you have no account yet.
    name: Option<String>,
    /// The password of your new account, where you have none yet: 12 characters or more, 1024 bytes at most.
    password: Option<String>,
}

/// What `login` or `refreshSession` came to.
#[derive(Default, SimpleObject)]
#[graphql(serial)]
struct LoginPayload {
    /// The tokens; absent where something is wrong.
    sign_in: Option<SignIn>,
    /// What is wrong.
    user_errors: Vec<UserError>,
}

/// What `logout` came to.
#[derive(SimpleObject)]
#[graphql(serial)]
struct LogoutPayload {
    /// Whether a session has ended, as far as you may know.
    ended: bool,
    /// What is wrong.
    user_errors: Vec<UserError>,
}

/// What `createAccessToken` came to.
#[derive(Default, SimpleObject)]
#[graphql(serial)]
struct CreateAccessTokenPayload {
    /// The token itself: it is shown this once, and kept nowhere.
    secret: Option<String>,
    /// What is known of it from now on.
    access_token: Option<AccessTokenNode>,
    /// What is wrong.
    user_errors: Vec<UserError>,
}

/// What `revokeAccessToken` came to.
#[derive(SimpleObject)]
#[graphql(serial)]
struct RevokeAccessTokenPayload {
    /// The token, which is good for nothing any more.
    access_token: Option<AccessTokenNode>,
    /// What is wrong.
    user_errors: Vec<UserError>,
}

/// What `acceptInvitation` came to.
#[derive(Default, SimpleObject)]
#[graphql(serial)]
struct AcceptInvitationPayload {
    /// The id of the event that you are a member of now: ask for it with `nodes` in the working view.
    event: Option<Id>,
    /// What you are there.
    role: Option<Role>,
    /// The tokens of a new account.
    sign_in: Option<SignIn>,
    /// What is wrong.
    user_errors: Vec<UserError>,
}

/// The mutations of accounts.
#[derive(Debug, Default)]
pub(super) struct AccountMutations;

#[Object]
impl AccountMutations {
    /// Signs in with a password. Once per operation; attempts are limited, and answered with RATE_LIMITED beyond that.
    async fn login(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "Who signs in.")] input: LoginInput,
    ) -> Result<LoginPayload> {
        let visit = visit(context)?;
        let password = Secret::from(input.password);
        let signed_in = visit.accounts.login(&input.email, &password, visit.from).await.map_err(failed)?;
        Ok(signed_in.map_or_else(
            || LoginPayload::refused("", "the address or the password is not right"),
            |signed_in| LoginPayload { sign_in: Some(signed_in.into()), user_errors: Vec::new() },
        ))
    }

    /// Goes on with a session: a new access token and a new refresh token in the place of the old one. A refresh token
    /// that is used twice ends its session. Once per operation.
    async fn refresh_session(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "Which session.")] input: RefreshSessionInput,
    ) -> Result<LoginPayload> {
        let visit = visit(context)?;
        let signed_in = visit.accounts.refresh(&input.refresh_token, visit.from).await.map_err(failed)?;
        Ok(signed_in.map_or_else(
            || LoginPayload::refused("refreshToken", "the session is over; sign in again"),
            |signed_in| LoginPayload { sign_in: Some(signed_in.into()), user_errors: Vec::new() },
        ))
    }

    /// Ends a session, or all of them: their tokens are good for nothing any more, at once. Once per operation.
    async fn logout(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "Which sessions.")] input: LogoutInput,
    ) -> Result<LogoutPayload> {
        let visit = visit(context)?;
        let mut ended = false;
        if let Some(token) = &input.refresh_token {
            visit.accounts.logout_with(token).await.map_err(failed)?;
            ended = true;
        }
        if input.refresh_token.is_none() || input.everywhere {
            let account = own_account(context)?;
            ended |= visit.accounts.logout(account, input.everywhere).await.map_err(failed)?;
        }
        Ok(LogoutPayload { ended, user_errors: Vec::new() })
    }

    /// Changes your password. All of your sessions end, and this answers with a new one; your personal access tokens end
    /// too, unless you keep them. Once per operation.
    async fn change_password(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The old password and the new one.")] input: ChangePasswordInput,
    ) -> Result<LoginPayload> {
        let (visit, account) = (visit(context)?, own_account(context)?);
        let (current, new) = (Secret::from(input.current_password), Secret::from(input.new_password));
        let keep = input.keep_access_tokens;
        let changed = visit.accounts.change_password(account, &current, &new, keep, visit.from).await;
        Ok(match changed.map_err(failed)? {
            Changed::Done(signed_in) => LoginPayload { sign_in: Some((*signed_in).into()), user_errors: Vec::new() },
            Changed::WrongPassword => LoginPayload::refused("currentPassword", "this is not your password"),
            Changed::Weak(why) => LoginPayload::refused("newPassword", why),
        })
    }

    /// Makes a personal access token, for a script: it may do what you may do, within its scopes and events, until it
    /// expires or is revoked. It can't change accounts, nor make tokens.
    async fn create_access_token(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "What the token is for.")] input: CreateAccessTokenInput,
    ) -> Result<CreateAccessTokenPayload> {
        let (visit, account) = (visit(context)?, own_account(context)?);
        let request = match token_request(context, account, input)? {
            Ok(request) => request,
            Err(user_errors) => return Ok(CreateAccessTokenPayload { user_errors, ..Default::default() }),
        };
        let made = visit.accounts.create_access_token(request).await.map_err(failed)?;
        Ok(match made {
            MadeToken::Done(secret, token) => CreateAccessTokenPayload {
                secret: Some(secret.reveal().to_owned()),
                access_token: Some(AccessTokenNode::from(*token)),
                user_errors: Vec::new(),
            },
            MadeToken::Ended => return Err(Code::Unauthenticated.error(Rejected::Ended.to_string())),
            MadeToken::TooMany => {
                let message = "you have too many tokens: revoke some first";
                let user_errors = vec![UserError::new("", UserErrorCode::Invalid, message)];
                CreateAccessTokenPayload { user_errors, ..Default::default() }
            }
        })
    }

    /// Revokes a personal access token of yours, at once. A token can revoke itself.
    async fn revoke_access_token(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "Which token.")] input: RevokeAccessTokenInput,
    ) -> Result<RevokeAccessTokenPayload> {
        let (visit, account) = (visit(context)?, account(context)?);
        let is_itself = matches!(&account.credential, Credential::AccessToken(own, _) if *own == input.id);
        if !is_itself {
            own_account(context)?;
        }
        let revoked = visit.accounts.revoke_access_token(account.user, input.id).await.map_err(failed)?;
        let user_errors = match &revoked {
            Some(_) => Vec::new(),
            None => vec![UserError::new("id", UserErrorCode::NotFound, "you have no token with this id")],
        };
        Ok(RevokeAccessTokenPayload { access_token: revoked.map(AccessTokenNode::from), user_errors })
    }

    /// Accepts an invitation to an event: as the user who is signed in, or with a new account for the invited address.
    /// Once per operation.
    async fn accept_invitation(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "Which invitation, and who you are.")] input: AcceptInvitationInput,
    ) -> Result<AcceptInvitationPayload> {
        let visit = visit(context)?;
        let account = match reading(context)?.viewer().account() {
            Some(_) => Some(&**own_account(context)?),
            None => None,
        };
        let name = input.name.as_deref().and_then(normalized_name);
        let password = input.password.map(Secret::from);
        let accepted =
            visit.accounts.accept_invitation(&input.token, account, name, password.as_ref(), visit.from).await;
        let (field, code, message) = match accepted.map_err(failed)? {
            Accepted::Done { invitation, session, .. } => {
                return Ok(AcceptInvitationPayload {
                    event: Some(invitation.event),
                    role: Some(invitation.role),
                    sign_in: session.map(|session| SignIn::from(*session)),
                    user_errors: Vec::new(),
                });
            }
            Accepted::Unknown => ("token", UserErrorCode::NotFound, "this invitation is over: ask for another one"),
            Accepted::SignInFirst => (
                "",
                UserErrorCode::Invalid,
                "sign in with the account that was invited, or give a new account's password",
            ),
            Accepted::NameNeeded => ("name", UserErrorCode::Required, "a new account needs a name"),
            Accepted::Weak(why) => ("password", UserErrorCode::Invalid, why),
        };
        let user_errors = vec![UserError::new(field, code, message)];
        Ok(AcceptInvitationPayload { user_errors, ..Default::default() })
    }
}

impl LoginPayload {
    fn refused(field: &str, message: &str) -> Self {
        let user_errors = vec![UserError::new(field, UserErrorCode::Invalid, message)];
        LoginPayload { sign_in: None, user_errors }
    }
}

/// The token that somebody wants, or everything that is wrong with it.
fn token_request(
    context: &Context<'_>,
    account: &Account,
    input: CreateAccessTokenInput,
) -> Result<std::result::Result<TokenRequest, Vec<UserError>>> {
    let mut wrong = Vec::new();
    let name = normalized_name(&input.name);
    if name.is_none() {
        wrong.push(UserError::new("name", UserErrorCode::Required, "give a name of 1 to 200 characters"));
    }
    let days = u16::try_from(input.days).ok().filter(|days| (1..=MAX_DAYS).contains(days));
    if days.is_none() {
        wrong.push(UserError::new("days", UserErrorCode::Invalid, "a token is valid for 1 to 366 days"));
    }
    let is_limited = input.events.is_some();
    let slugs = input.events.unwrap_or_default();
    if is_limited && slugs.is_empty() {
        let message = "name an event, or leave this out for all of yours";
        wrong.push(UserError::new("events", UserErrorCode::Required, message));
    }
    if slugs.len() > MAX_EVENTS {
        return Err(Code::BadUserInput.error("a token names at most 100 events"));
    }
    let mut events = std::collections::BTreeSet::new();
    for slug in &slugs {
        match reading(context)?.event_with_slug(slug, View::Working).map_err(denied)? {
            Some(header) => {
                events.insert(header.event.id);
            }
            None => wrong.push(UserError::new("events", UserErrorCode::NotFound, "there is no such event of yours")),
        }
    }
    let grant = Grant { scopes: input.scopes.into_iter().collect(), events: is_limited.then_some(events) };
    Ok(match (name, days) {
        (Some(name), Some(days)) if wrong.is_empty() => {
            let session = match account.credential {
                Credential::Session(session) => Some(session),
                Credential::AccessToken(..) | Credential::Outside => None,
            };
            Ok(TokenRequest { user: account.user, session, name, grant, days })
        }
        _ => Err(wrong),
    })
}
