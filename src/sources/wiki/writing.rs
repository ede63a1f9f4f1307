//! A page looked at, read to be written, and written as its next version or not at all.
//!
//! Cloud: <https://developer.atlassian.com/cloud/confluence/rest/v2/api-group-page/#api-pages-id-put>; Data Center:
//! <https://developer.atlassian.com/server/confluence/confluence-rest-api-examples/>. Both take a version that is one higher
//! than the page's, and answer 409 to any other.

use ::http::StatusCode;
use serde_json::json;

use super::wire::Page;
use super::{Confluence, Want};
use crate::domain::citation::Look;
use crate::domain::lookup::{Trouble, TroubleKind};
use crate::domain::remote::{Original, Saved, WikiFlavor};
use crate::domain::time::Moment;

/// What the page's history says of a version of ours, by which it is known again.
const MESSAGE: &str = "dragnet: the status of each ticket";

impl Confluence {
    /// A page as it is now.
    pub(in super::super) async fn open(&self, path: &str) -> Result<Original, Trouble> {
        let reply = self.shown(self.page_of(path)?, Want::Body).await?;
        let page: Page = reply.json()?;
        if !page.is_current() {
            let says = format!("{path} was put into the archive or the trash");
            return Err(Trouble { kind: TroubleKind::Hidden, says });
        }
        let misread = |what: &str| reply.misread(&format!("sent a page without its {what}"));
        let made_at = page.version.made_at.as_deref().and_then(|text| text.parse::<Moment>().ok());
        Ok(Original {
            version: page.version.number,
            edited_at: made_at.ok_or_else(|| misread("date"))?,
            read_at: reply.greeting().date,
            ours: page.version.message.as_deref() == Some(MESSAGE),
            title: page.title.ok_or_else(|| misread("title"))?,
            body: page.body.storage.ok_or_else(|| misread("text"))?.value,
        })
    }

    /// Writes the next version of a page, unless there is one already. Asked twice, the second one is refused.
    pub(in super::super) async fn save(&self, path: &str, original: &Original, body: &str) -> Result<Saved, Trouble> {
        let page = self.page_of(path)?.to_string();
        let Original { version, title, .. } = original;
        let number = version + 1;
        let reply = match self.wiki.flavor {
            WikiFlavor::Cloud => {
                let json = json!({
                    "id": page,
                    "status": "current",
                    "title": title,
                    "body": {"representation": "storage", "value": body},
                    "version": {"number": number, "message": MESSAGE},
                });
                self.line.put(&["api", "v2", "pages", &page], &json).await?
            }
            WikiFlavor::DataCenter => {
                let json = json!({
                    "id": page,
                    "type": "page",
                    "title": title,
                    "body": {"storage": {"value": body, "representation": "storage"}},
                    // A minor edit tells nobody who watches the page; Cloud knows no such thing.
                    "version": {"number": number, "message": MESSAGE, "minorEdit": true},
                });
                self.line.put(&["rest", "api", "content", &page], &json).await?
            }
        };
        match (reply.status, reply.refusal()) {
            (StatusCode::CONFLICT, _) => Ok(Saved::Refused),
            // It was shown a moment ago, so what is not allowed is writing.
            (StatusCode::NOT_FOUND, Some(Trouble { says, .. })) => Err(Trouble {
                kind: TroubleKind::Credentials,
                says: format!("{says}: may this account edit the page?"),
            }),
            (_, Some(trouble)) => Err(trouble),
            // A login page is answered with 200 as well.
            (_, None) => Ok(Saved::As(reply.json::<Page>()?.version.number)),
        }
    }

    /// Whether a link leads to a page of this wiki.
    pub(in super::super) fn has(&self, path: &str) -> bool {
        self.wiki.page_of(path).is_some()
    }

    /// Whether a page is still there. One that is not shown (404) was deleted or hidden, which nobody can tell apart.
    pub(in super::super) async fn look(&self, path: &str) -> Result<Look, Trouble> {
        let page = self.page(self.page_of(path)?, Want::Trace).await?;
        Ok(if matches!(page.status.as_str(), "trashed" | "deleted") {
            Look::Gone { proof: "it was put into the trash".to_owned() }
        } else {
            Look::Found { title: page.title, status: None }
        })
    }

    fn page_of(&self, path: &str) -> Result<u64, Trouble> {
        let says = || format!("{path} is no page of {}", self.wiki.site);
        self.wiki.page_of(path).ok_or_else(|| Trouble { kind: TroubleKind::Unasked, says: says() })
    }
}
