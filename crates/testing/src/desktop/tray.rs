//! The tray's host: items register with it, and it reads their icons and clicks in their menus.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
    time::Instant,
};

use anyhow::{Context, Result};
use zbus::{
    Connection, Proxy, connection, interface,
    message::Header,
    object_server::SignalEmitter,
    wire::{OwnedObjectPath, OwnedVariant, Variant},
};

use crate::wait::eventually;

/// Where an item is: who has it on the bus, and its path there.
type Place = (String, String);
/// A menu as `com.canonical.dbusmenu` sends it: id, properties, children.
type Layout = (i32, HashMap<String, OwnedVariant>, Vec<OwnedVariant>);

/// Where each item is, and when it came.
#[derive(Debug, Clone, Default)]
struct Items(Arc<Mutex<Vec<(Place, Instant)>>>);

struct Watcher {
    items: Items,
}

#[interface(name = "org.kde.StatusNotifierWatcher")]
impl Watcher {
    async fn register_status_notifier_item(
        &self,
        service: &str,
        #[zbus(header)] header: Header<'_>,
        #[zbus(signal_emitter)] emitter: SignalEmitter<'_>,
    ) -> zbus::fdo::Result<()> {
        let now = Instant::now();
        let sender = header.sender().map(ToString::to_string).unwrap_or_default();
        let place = if service.starts_with('/') {
            (sender, service.to_owned())
        } else {
            (service.to_owned(), "/StatusNotifierItem".to_owned())
        };
        let name = format!("{}{}", place.0, place.1);
        self.items
            .0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .push((place, now));
        Self::status_notifier_item_registered(&emitter, &name).await?;
        Ok(())
    }

    fn register_status_notifier_host(&self, _service: &str) {}

    #[zbus(property)]
    fn registered_status_notifier_items(&self) -> Vec<String> {
        let items = self.items.0.lock().unwrap_or_else(PoisonError::into_inner);
        items
            .iter()
            .map(|((owner, path), _)| format!("{owner}{path}"))
            .collect()
    }

    #[zbus(property)]
    fn is_status_notifier_host_registered(&self) -> bool {
        true
    }

    #[zbus(property)]
    fn protocol_version(&self) -> i32 {
        0
    }

    #[zbus(signal)]
    async fn status_notifier_item_registered(
        emitter: &SignalEmitter<'_>,
        service: &str,
    ) -> zbus::Result<()>;
}

/// The tray of a session.
#[derive(Debug)]
pub struct Tray {
    connection: Connection,
    items: Items,
}

impl Tray {
    /// Becomes the host of the tray on this bus.
    ///
    /// # Errors
    /// When the bus has one already.
    pub async fn start(bus: &str) -> Result<Self> {
        let items = Items::default();
        let connection = connection::Builder::address(bus)
            .serve_at(
                "/StatusNotifierWatcher",
                Watcher {
                    items: items.clone(),
                },
            )
            .name("org.kde.StatusNotifierWatcher")
            .build()
            .await
            .context("becoming the tray's host")?;
        Ok(Self { connection, items })
    }

    /// How many items have registered so far.
    #[must_use]
    pub fn count(&self) -> usize {
        self.items
            .0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .len()
    }

    /// When the newest item registered.
    #[must_use]
    pub fn newest_at(&self) -> Option<Instant> {
        let items = self.items.0.lock().unwrap_or_else(PoisonError::into_inner);
        items.last().map(|(_, at)| *at)
    }

    /// Waits for an item and gives the newest.
    ///
    /// # Errors
    /// When none registers.
    pub async fn item(&self) -> Result<TrayItem> {
        let (owner, path) = eventually("an icon in the tray", async || {
            let items = self.items.0.lock().unwrap_or_else(PoisonError::into_inner);
            let newest = items.last().map(|(place, _)| place.clone());
            newest.context("no item has registered")
        })
        .await?;
        let item = Proxy::new(
            &self.connection,
            owner.clone(),
            path,
            "org.kde.StatusNotifierItem",
        )
        .await?;
        Ok(TrayItem {
            connection: self.connection.clone(),
            owner,
            item,
        })
    }
}

/// An icon in the tray.
#[derive(Debug)]
pub struct TrayItem {
    connection: Connection,
    owner: String,
    item: Proxy<'static>,
}

/// A line of an item's menu that can be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MenuLine {
    /// Names it towards the item.
    pub id: i32,
    /// Its text, without the mark of a keyboard shortcut.
    pub text: String,
    /// It can be clicked.
    pub enabled: bool,
}

impl TrayItem {
    /// The picture it shows, as PNG or SVG.
    ///
    /// # Errors
    /// When the item is gone or its picture cannot be read.
    pub async fn picture(&self) -> Result<Vec<u8>> {
        let name: String = self.property("IconName").await?;
        let folder: String = self.property("IconThemePath").await.unwrap_or_default();
        let stem = if name.starts_with('/') {
            name
        } else {
            format!("{folder}/{name}")
        };
        ["", ".png", ".svg"]
            .iter()
            .find_map(|ending| std::fs::read(format!("{stem}{ending}")).ok())
            .with_context(|| format!("no picture at {stem}"))
    }

    /// The lines of its menu, from top to bottom, without separators.
    ///
    /// # Errors
    /// When the item is gone.
    pub async fn menu(&self) -> Result<Vec<MenuLine>> {
        let menu = self.menu_proxy().await?;
        let _: bool = menu.call("AboutToShow", &(0i32,)).await?;
        let nothing: Vec<&str> = Vec::new();
        let (_revision, (_, _, children)): (u32, Layout) =
            menu.call("GetLayout", &(0i32, -1i32, nothing)).await?;
        let mut lines = Vec::new();
        for child in children {
            lines.extend(line(Layout::try_from(child)?));
        }
        Ok(lines)
    }

    /// Clicks the line of its menu that has this text, as soon as there is one.
    ///
    /// # Errors
    /// When there is none.
    pub async fn click(&self, text: &str) -> Result<()> {
        let id = eventually(&format!("{text:?} in the tray's menu"), async || {
            let menu = self.menu().await?;
            let found = menu.iter().find(|line| line.enabled && line.text == text);
            found
                .map(|line| line.id)
                .with_context(|| format!("{menu:?}"))
        })
        .await?;
        self.click_line(id).await
    }

    /// Clicks a line of its menu.
    ///
    /// # Errors
    /// When the item is gone.
    pub async fn click_line(&self, id: i32) -> Result<()> {
        let now = 0u32;
        let event = (id, "clicked", Variant::from(""), now);
        self.menu_proxy()
            .await?
            .call_method("Event", &event)
            .await?;
        Ok(())
    }

    async fn menu_proxy(&self) -> Result<Proxy<'static>> {
        let path: OwnedObjectPath = self.property("Menu").await?;
        Ok(Proxy::new(
            &self.connection,
            self.owner.clone(),
            path,
            "com.canonical.dbusmenu",
        )
        .await?)
    }

    /// Asked each time: the item tells of changes by signals of its own, not by the standard one.
    async fn property<T>(&self, name: &str) -> Result<T>
    where
        T: TryFrom<OwnedVariant>,
        T::Error: Into<zbus::Error> + std::error::Error + Send + Sync + 'static,
    {
        let properties = zbus::fdo::PropertiesProxy::new(
            &self.connection,
            self.owner.clone(),
            self.item.path().to_owned(),
        )
        .await?;
        let value = properties
            .get("org.kde.StatusNotifierItem".try_into()?, name)
            .await?;
        Ok(T::try_from(value)?)
    }
}

fn line((id, mut properties, _children): Layout) -> Option<MenuLine> {
    let label = String::try_from(properties.remove("label")?).ok()?;
    let enabled = properties
        .remove("enabled")
        .is_none_or(|value| bool::try_from(value).unwrap_or(true));
    Some(MenuLine {
        id,
        text: label.replace('_', ""),
        enabled,
    })
}
