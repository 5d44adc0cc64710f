//! The colleagues a conversation can be given to.

use axum::extract::State;
use deskbell_protocol::{Page, Person};

use super::guard::Technician;
use super::openapi::problems::Guarded;
use super::{Json, page};
use crate::app::App;
use crate::conversations::person;
use crate::refusal::Refusal;
use crate::store::Error;

/// All active technicians, by name.
#[utoipa::path(get, path = "/v1/technicians", tag = "technicians",
    responses((status = 200, body = Page<Person>), Guarded), security(("cookie" = [])))]
pub async fn list(State(app): State<App>, _who: Technician) -> Result<Json<Page<Person>>, Refusal> {
    let rows: Vec<(String, String, String)> = sqlx::query_as(
        "SELECT id, name, role FROM account
         WHERE role IN ('technician', 'admin') AND disabled_at IS NULL ORDER BY name, id",
    )
    .fetch_all(app.store.read())
    .await?;
    let people = rows
        .into_iter()
        .map(|(id, name, role)| person(&id, name, &role));
    Ok(page::whole(people.collect::<Result<_, Error>>()?))
}
