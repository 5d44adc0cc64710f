//! Text of others, made fit for a toast, a menu or a title: no control or direction characters,
//! bounded in lines and length.

/// One line of at most so many characters.
#[must_use]
pub fn one_line(text: &str, most_chars: usize) -> String {
    let visible: String = text
        .chars()
        .map(|c| if is_break(c) { ' ' } else { c })
        .filter(|c| is_visible(*c))
        .collect();
    let words: Vec<&str> = visible.split_whitespace().collect();
    shorten(&words.join(" "), most_chars)
}

/// At most so many lines that have something on them, each of at most so many characters.
#[must_use]
pub fn lines(text: &str, most_lines: usize, most_chars: usize) -> String {
    let mut kept: Vec<String> = text
        .split(is_break)
        .map(|line| one_line(line, most_chars))
        .filter(|l| !l.is_empty())
        .collect();
    let cut = kept.len() > most_lines;
    kept.truncate(most_lines);
    if let (true, Some(last)) = (cut, kept.last_mut()) {
        *last = shorten(&format!("{last} …"), most_chars);
    }
    kept.join("\n")
}

/// Markdown without its most common marks, for places that show plain text.
#[must_use]
pub fn without_marks(markdown: &str) -> String {
    markdown
        .replace("```", "")
        .replace("**", "")
        .replace("__", "")
        .replace('`', "")
}

fn shorten(text: &str, most_chars: usize) -> String {
    if text.chars().count() <= most_chars {
        return text.to_owned();
    }
    let mut short: String = text.chars().take(most_chars.saturating_sub(1)).collect();
    short.truncate(short.trim_end().len());
    short.push('…');
    short
}

fn is_break(c: char) -> bool {
    matches!(
        c,
        '\n' | '\r' | '\u{b}' | '\u{c}' | '\u{85}' | '\u{2028}' | '\u{2029}' | '\t'
    )
}

/// Whether this character shows itself and turns nothing around. The joiners of emoji and of
/// Persian and Indic scripts stay.
fn is_visible(c: char) -> bool {
    !c.is_control()
        && !matches!(c,
            '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}' | '\u{200e}' | '\u{200f}'
            | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}'
            | '\u{fff0}'..='\u{fffb}' | '\u{fffe}' | '\u{ffff}' | '\u{e0000}'..='\u{e0fff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn direction_and_control_characters_are_gone() {
        let hostile = "a\u{202e}b\u{0}c\u{7}\u{2066}d\u{200f}e\u{feff}\u{e0041}";
        assert_eq!(one_line(hostile, 80), "abcde");
    }

    #[test]
    fn a_text_keeps_few_lines_and_says_that_there_are_more() {
        assert_eq!(
            lines("one\n\n\ntwo\u{2028}three\r\nfour", 3, 40),
            "one\ntwo\nthree …"
        );
        assert_eq!(lines("only", 3, 40), "only");
    }

    #[test]
    fn long_lines_are_cut_by_characters() {
        assert_eq!(one_line("ääääää", 4), "äää…");
    }
}
