//! The text of a query, taken apart: the executable part of the GraphQL language without directives.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::Complaint;

/// Line and column, both from 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Position {
    pub(super) line: usize,
    pub(super) column: usize,
}

impl Position {
    pub(super) fn json(self) -> Value {
        json!({"line": self.line, "column": self.column})
    }
}

/// A document with one operation.
#[derive(Debug, Default)]
pub(super) struct Document {
    /// The operation's name; empty where it has none.
    pub(super) name: String,
    /// The variables that it declares.
    pub(super) variables: Vec<String>,
    pub(super) selection: Vec<Selection>,
    pub(super) fragments: BTreeMap<String, Fragment>,
}

/// A named fragment.
#[derive(Debug)]
pub(super) struct Fragment {
    pub(super) on: String,
    pub(super) selection: Vec<Selection>,
}

/// One thing selected.
#[derive(Debug)]
pub(super) enum Selection {
    Field(Field),
    Spread(String, Position),
    Inline(Option<String>, Vec<Selection>),
}

/// A field.
#[derive(Debug)]
pub(super) struct Field {
    /// The name under which it is answered.
    pub(super) key: String,
    pub(super) name: String,
    pub(super) arguments: Vec<(String, Argument)>,
    pub(super) selection: Vec<Selection>,
    pub(super) at: Position,
}

/// The value of an argument.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Argument {
    Literal(Value),
    Variable(String),
}

#[derive(Debug, Clone, PartialEq)]
enum Token {
    Name(String),
    Text(String),
    Number(String),
    Sign(char),
    Spread,
    End,
}

/// Takes a document apart.
pub(super) fn document(text: &str) -> Result<Document, Complaint> {
    let mut parser = Parser { tokens: tokens(text)?, next: 0 };
    let mut document = Document::default();
    let mut operations = 0;
    while *parser.peek() != Token::End {
        if parser.word("fragment") {
            let name = parser.name()?;
            parser.expect_word("on")?;
            let on = parser.name()?;
            let selection = parser.selection()?;
            document.fragments.insert(name, Fragment { on, selection });
            continue;
        }
        operations += 1;
        if parser.word("query") {
            if let Token::Name(name) = parser.peek().clone() {
                parser.next += 1;
                document.name = name;
            }
            document.variables = parser.variables()?;
        }
        document.selection = parser.selection()?;
    }
    if operations == 1 { Ok(document) } else { Err(parser.unexpected("exactly one operation")) }
}

struct Parser {
    tokens: Vec<(Token, Position)>,
    next: usize,
}

impl Parser {
    fn peek(&self) -> &Token {
        self.tokens.get(self.next).map_or(&Token::End, |(token, _)| token)
    }

    fn at(&self) -> Position {
        self.tokens.get(self.next).or(self.tokens.last()).map(|(_, at)| *at).unwrap_or_default()
    }

    fn unexpected(&self, wanted: &str) -> Complaint {
        let message = format!("Parse error on {:?}, expected {wanted}", self.peek());
        Complaint::new(self.at(), message, json!({"code": "parseError"}))
    }

    fn take(&mut self, token: &Token) -> bool {
        let found = self.peek() == token;
        self.next += usize::from(found);
        found
    }

    fn sign(&mut self, sign: char) -> bool {
        self.take(&Token::Sign(sign))
    }

    fn word(&mut self, word: &str) -> bool {
        self.take(&Token::Name(word.to_owned()))
    }

    fn expect(&mut self, sign: char) -> Result<(), Complaint> {
        if self.sign(sign) { Ok(()) } else { Err(self.unexpected(&format!("`{sign}`"))) }
    }

    fn expect_word(&mut self, word: &str) -> Result<(), Complaint> {
        if self.word(word) { Ok(()) } else { Err(self.unexpected(word)) }
    }

    fn name(&mut self) -> Result<String, Complaint> {
        match self.peek().clone() {
            Token::Name(name) => {
                self.next += 1;
                Ok(name)
            }
            _ => Err(self.unexpected("a name")),
        }
    }

    fn variables(&mut self) -> Result<Vec<String>, Complaint> {
        let mut names = Vec::new();
        if self.sign('(') {
            while !self.sign(')') {
                self.expect('$')?;
                names.push(self.name()?);
                self.expect(':')?;
                self.type_reference()?;
                if self.sign('=') {
                    self.value()?;
                }
            }
        }
        Ok(names)
    }

    fn type_reference(&mut self) -> Result<(), Complaint> {
        if self.sign('[') {
            self.type_reference()?;
            self.expect(']')?;
        } else {
            self.name()?;
        }
        self.sign('!');
        Ok(())
    }

    fn selection(&mut self) -> Result<Vec<Selection>, Complaint> {
        self.expect('{')?;
        let mut selection = Vec::new();
        while !self.sign('}') {
            let at = self.at();
            if self.take(&Token::Spread) {
                if self.word("on") {
                    let on = self.name()?;
                    selection.push(Selection::Inline(Some(on), self.selection()?));
                } else if *self.peek() == Token::Sign('{') {
                    selection.push(Selection::Inline(None, self.selection()?));
                } else {
                    selection.push(Selection::Spread(self.name()?, at));
                }
            } else {
                selection.push(Selection::Field(self.field(at)?));
            }
        }
        if selection.is_empty() { Err(self.unexpected("a field")) } else { Ok(selection) }
    }

    fn field(&mut self, at: Position) -> Result<Field, Complaint> {
        let first = self.name()?;
        let (key, name) = if self.sign(':') { (first, self.name()?) } else { (first.clone(), first) };
        let mut arguments = Vec::new();
        if self.sign('(') {
            while !self.sign(')') {
                let name = self.name()?;
                self.expect(':')?;
                arguments.push((name, self.value()?));
            }
        }
        let selection = if *self.peek() == Token::Sign('{') { self.selection()? } else { Vec::new() };
        Ok(Field { key, name, arguments, selection, at })
    }

    fn value(&mut self) -> Result<Argument, Complaint> {
        if self.sign('$') {
            return Ok(Argument::Variable(self.name()?));
        }
        if self.sign('[') {
            let mut list = Vec::new();
            while !self.sign(']') {
                match self.value()? {
                    Argument::Literal(value) => list.push(value),
                    Argument::Variable(_) => return Err(self.unexpected("a value that is known")),
                }
            }
            return Ok(Argument::Literal(Value::Array(list)));
        }
        let value = match self.peek().clone() {
            Token::Text(text) => json!(text),
            Token::Number(number) => number.parse().map_err(|_| self.unexpected("a number"))?,
            Token::Name(name) => match name.as_str() {
                "true" => json!(true),
                "false" => json!(false),
                "null" => Value::Null,
                _ => json!(name),
            },
            _ => return Err(self.unexpected("a value")),
        };
        self.next += 1;
        Ok(Argument::Literal(value))
    }
}

/// Splits the text. Commas and white space mean nothing, comments neither.
fn tokens(text: &str) -> Result<Vec<(Token, Position)>, Complaint> {
    let mut tokens = Vec::new();
    for (i, line) in text.lines().enumerate() {
        let (mut rest, is_ascii) = (line, line.is_ascii());
        while let Some(first) = rest.chars().next() {
            let before = &line[..line.len() - rest.len()];
            let column = if is_ascii { before.len() } else { before.chars().count() } + 1;
            let at = Position { line: i + 1, column };
            let word = |inside: fn(char) -> bool| rest.find(|c| !inside(c)).unwrap_or(rest.len());
            let (token, length) = match first {
                '#' => break,
                c if c.is_whitespace() || c == ',' => (None, c.len_utf8()),
                '.' if rest.starts_with("...") => (Some(Token::Spread), 3),
                '{' | '}' | '(' | ')' | ':' | '$' | '!' | '=' | '[' | ']' => (Some(Token::Sign(first)), 1),
                '"' => {
                    // The escapes of a GraphQL text are those of JSON.
                    let mut read = serde_json::Deserializer::from_str(rest).into_iter::<String>();
                    match read.next() {
                        Some(Ok(text)) => (Some(Token::Text(text)), read.byte_offset()),
                        _ => return Err(bad(at, first)),
                    }
                }
                c if c.is_ascii_alphabetic() || c == '_' => {
                    let length = word(|c| c.is_ascii_alphanumeric() || c == '_');
                    (Some(Token::Name(rest[..length].to_owned())), length)
                }
                c if c.is_ascii_digit() || c == '-' => {
                    let length = word(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '+' | '.'));
                    (Some(Token::Number(rest[..length].to_owned())), length)
                }
                c => return Err(bad(at, c)),
            };
            tokens.extend(token.map(|token| (token, at)));
            rest = &rest[length..];
        }
    }
    Ok(tokens)
}

fn bad(at: Position, sign: char) -> Complaint {
    Complaint::new(at, format!("Parse error on bad token `{sign}`"), json!({"code": "parseError"}))
}

#[cfg(test)]
mod tests {
    use super::{Argument, Selection, document};

    #[test]
    fn a_query_is_taken_apart() {
        let text = "query Q($o: String!, $n: [Int!] = 3) { # a comment\n a: repository(owner: $o, name: \"x\\u0041\") { ...f ... on T { id } } }\nfragment f on T { id }";
        let document = document(text).unwrap();
        assert_eq!(
            (document.name.as_str(), document.variables.as_slice()),
            ("Q", &["o".to_owned(), "n".to_owned()][..])
        );
        let Selection::Field(field) = &document.selection[0] else { panic!("a field") };
        assert_eq!(
            (field.key.as_str(), field.name.as_str(), field.at.line, field.at.column),
            ("a", "repository", 2, 2)
        );
        assert_eq!(field.arguments[0].1, Argument::Variable("o".to_owned()));
        assert_eq!(field.arguments[1].1, Argument::Literal("xA".into()));
        assert_eq!(field.selection.len(), 2);
        assert_eq!(document.fragments["f"].on, "T");
    }

    #[test]
    fn what_is_no_query_is_refused() {
        for text in
            ["", "{", "{}", "query { a", "{ a(b: ) }", "{ a } { b }", "{ a % }", "{ \"a }", "fragment f on T { a }"]
        {
            assert!(document(text).is_err(), "{text}");
        }
    }
}
