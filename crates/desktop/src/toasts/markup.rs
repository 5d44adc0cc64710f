//! A toast as Windows reads it: a small XML document, built from elements and never from pieces
//! of text.

use super::activation::{self, Activation, FIELD};
use super::{Reply, Toast};

/// The document.
#[must_use]
pub fn document(toast: &Toast) -> String {
    let binding = Element::new("binding")
        .with("template", "ToastGeneric")
        .inside(Element::new("text").saying(&toast.title))
        .inside(Element::new("text").saying(&toast.body));
    let (launch, activation) = match &toast.address {
        Some(address) => (address.clone(), "protocol"),
        None => (
            activation::write(&Activation::Open(toast.tag.clone())),
            "foreground",
        ),
    };
    let mut root = Element::new("toast")
        .with("launch", &launch)
        .with("activationType", activation)
        .inside(Element::new("visual").inside(binding));
    if let Some(reply) = &toast.reply {
        root = root.inside(actions(&toast.tag, reply));
    }
    root.inside(audio(toast.sound)).written()
}

fn actions(tag: &str, reply: &Reply) -> Element {
    let to = Activation::Reply {
        tag: tag.to_owned(),
        text: String::new(),
    };
    let field = Element::new("input")
        .with("id", FIELD)
        .with("type", "text")
        .with("placeHolderContent", &reply.hint);
    let button = Element::new("action")
        .with("content", &reply.send)
        .with("hint-inputId", FIELD)
        .with("activationType", "background")
        .with("arguments", &activation::write(&to));
    Element::new("actions").inside(field).inside(button)
}

fn audio(sound: bool) -> Element {
    let audio = Element::new("audio");
    if sound {
        audio.with("src", "ms-winsoundevent:Notification.IM")
    } else {
        audio.with("silent", "true")
    }
}

struct Element {
    name: &'static str,
    attributes: Vec<(&'static str, String)>,
    text: String,
    children: Vec<Self>,
}

impl Element {
    fn new(name: &'static str) -> Self {
        Self {
            name,
            attributes: Vec::new(),
            text: String::new(),
            children: Vec::new(),
        }
    }

    fn with(mut self, name: &'static str, value: &str) -> Self {
        self.attributes.push((name, value.to_owned()));
        self
    }

    fn saying(mut self, text: &str) -> Self {
        text.clone_into(&mut self.text);
        self
    }

    fn inside(mut self, child: Self) -> Self {
        self.children.push(child);
        self
    }

    fn written(&self) -> String {
        let mut text = String::new();
        self.write(&mut text);
        text
    }

    fn write(&self, out: &mut String) {
        out.extend(["<", self.name]);
        for (name, value) in &self.attributes {
            out.extend([" ", name, "=\"", &escaped(value), "\""]);
        }
        out.extend([">", &escaped(&self.text)]);
        for child in &self.children {
            child.write(out);
        }
        out.extend(["</", self.name, ">"]);
    }
}

/// The text as it may stand in an element or an attribute. What no XML document may hold, not
/// even escaped, is left out: the whole toast would be lost for it.
fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\n' => escaped.push_str("&#10;"),
            '\u{fffe}' | '\u{ffff}' => {}
            other if other.is_control() => {}
            other => escaped.push(other),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use roxmltree::{Document, Node};

    use super::{Reply, Toast, document};

    const TAG: &str = "0198c0de-0000-7000-8000-000000000001";

    fn toast(title: &str, body: &str) -> Toast {
        Toast {
            tag: TAG.to_owned(),
            title: title.to_owned(),
            body: body.to_owned(),
            sound: true,
            address: Some(format!("deskbell://conversation/{TAG}")),
            reply: Some(Reply {
                hint: "Write \"here\"".to_owned(),
                send: "Send & close".to_owned(),
            }),
        }
    }

    fn all<'a>(document: &'a Document, name: &str) -> Vec<Node<'a, 'a>> {
        let named = |node: &Node| node.has_tag_name(name);
        document.descendants().filter(named).collect()
    }

    #[test]
    fn a_click_opens_the_chat_and_the_field_answers_it() {
        let written = document(&toast("Reply from Tess", "Is the cable in?"));
        let parsed = Document::parse(&written).unwrap();
        let root = parsed.root_element();
        assert_eq!(root.attribute("activationType"), Some("protocol"));
        assert_eq!(
            root.attribute("launch"),
            Some(format!("deskbell://conversation/{TAG}").as_str())
        );
        assert_eq!(
            root.attribute("scenario"),
            None,
            "Focus Assist decides when it is seen"
        );
        let button = all(&parsed, "action")[0];
        assert_eq!(button.attribute("activationType"), Some("background"));
        assert_eq!(
            button.attribute("arguments"),
            Some(format!("reply/{TAG}").as_str())
        );
        assert_eq!(button.attribute("content"), Some("Send & close"));
        assert_eq!(
            all(&parsed, "input")[0].attribute("placeHolderContent"),
            Some("Write \"here\"")
        );
    }

    #[test]
    fn a_toast_without_an_address_tells_the_client_and_has_no_field() {
        let mut summary = toast("5 new messages", "In 2 conversations");
        (summary.address, summary.reply, summary.sound) = (None, None, false);
        let written = document(&summary);
        let parsed = Document::parse(&written).unwrap();
        let root = parsed.root_element();
        assert_eq!(root.attribute("activationType"), Some("foreground"));
        assert_eq!(
            root.attribute("launch"),
            Some(format!("open/{TAG}").as_str())
        );
        assert!(all(&parsed, "input").is_empty());
        assert_eq!(all(&parsed, "audio")[0].attribute("silent"), Some("true"));
    }

    /// CLI-14
    #[test]
    fn whatever_is_written_there_is_one_toast_with_two_texts() {
        let hostile = [
            "</text></binding></visual></toast><toast launch='https://evil.example'>",
            "<text>three</text>",
            "\"/><action content='x' activationType='protocol' arguments='file:///c:/x'/>",
            "<![CDATA[ ]]> ]]> <!-- --> <?xml version='1.0'?> <!DOCTYPE a [<!ENTITY e 'x'>]>",
            "&lt; &#x1; &#0; &evil; && &",
            "\u{0}\u{1}\u{8}\u{b}\u{1f}\u{7f}\u{85}\u{9f}\u{fffe}\u{ffff}",
            "\u{1f469}\u{200d}\u{1f680} ä \u{10ffff} '\"<>",
        ];
        for (title, body) in hostile.iter().zip(hostile.iter().cycle().skip(3)) {
            let written = document(&toast(title, body));
            let parsed = Document::parse(&written)
                .unwrap_or_else(|error| panic!("{error} in the toast of {title:?}: {written}"));
            assert_eq!(all(&parsed, "toast").len(), 1, "{title:?} / {body:?}");
            let texts = all(&parsed, "text");
            assert_eq!(texts.len(), 2, "{title:?} / {body:?}");
            let visible: String = title.chars().filter(|c| !c.is_control()).collect();
            let visible = visible.replace(['\u{fffe}', '\u{ffff}'], "");
            assert_eq!(texts[0].text().unwrap_or_default(), visible);
            assert_eq!(all(&parsed, "action").len(), 1, "{title:?} / {body:?}");
        }
    }
}
