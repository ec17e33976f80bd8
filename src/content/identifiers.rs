//! Identifiers that others give out: ORCID iDs, DOIs, e-mail addresses. Each has one form in which it is kept.

/// The form of an ORCID iD that is kept, `https://orcid.org/0000-0002-1825-0097`, from that or from the bare iD; `None`
/// where the check digit is wrong (ISO 7064 MOD 11-2, as ORCID's "Structure of the ORCID Identifier" says) or it is no
/// iD at all.
pub fn orcid(text: &str) -> Option<String> {
    let text = text.trim().trim_end_matches('/');
    let lower = text.to_ascii_lowercase();
    let bare =
        ["https://orcid.org/", "http://orcid.org/", "https://www.orcid.org/", "http://www.orcid.org/", "orcid.org/"]
            .into_iter()
            .find_map(|prefix| lower.strip_prefix(prefix).map(|_| &text[prefix.len()..]))
            .unwrap_or(text);
    let groups: Vec<&str> = bare.split('-').collect();
    let digits: Vec<u8> = groups.concat().to_ascii_uppercase().into_bytes();
    let grouped = groups.len() == 4 && groups.iter().all(|group| group.len() == 4);
    let (check, rest) = digits.split_last()?;
    if !grouped || !rest.iter().all(u8::is_ascii_digit) {
        return None;
    }
    let total = rest.iter().fold(0, |total, digit| (total + u32::from(digit - b'0')) * 2 % 11);
    let expected = match (12 - total) % 11 {
        10 => b'X',
        digit => b"0123456789"[digit as usize],
    };
    (*check == expected).then(|| format!("https://orcid.org/{}", bare.to_ascii_uppercase()))
}

/// The form of a DOI that is kept, bare, as `10.1000/182`, from that, from `doi:…` or from its address; `None` where it is
/// none (ANSI/NISO Z39.84: a prefix `10.` with a registrant's number, a slash, and a suffix).
pub fn doi(text: &str) -> Option<String> {
    let text = text.trim();
    let lower = text.to_ascii_lowercase();
    let bare = ["https://doi.org/", "http://doi.org/", "https://dx.doi.org/", "http://dx.doi.org/", "doi.org/", "doi:"]
        .into_iter()
        .find_map(|prefix| lower.strip_prefix(prefix).map(|_| text[prefix.len()..].trim_start()))
        .unwrap_or(text);
    let (prefix, suffix) = bare.split_once('/')?;
    let registrant = prefix.strip_prefix("10.")?;
    let is_number = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    let good = registrant.len() >= 4
        && registrant.split('.').all(is_number)
        && !suffix.is_empty()
        && !suffix.contains(|c: char| c.is_whitespace() || c.is_control());
    good.then(|| bare.to_owned())
}

/// Whether this is an e-mail address as people have them: a local part and a domain with a dot, nothing quoted, no
/// comments, at most 254 characters (RFC 5321 §4.5.3.1).
pub fn is_email(text: &str) -> bool {
    let Some((local, domain)) = text.rsplit_once('@') else { return false };
    let is_plain = |part: &str| {
        !part.is_empty()
            && !part.contains(|c: char| c.is_whitespace() || c.is_control() || "<>()[],;:\\\"@".contains(c))
    };
    text.len() <= MAX_EMAIL
        && is_plain(local)
        && is_plain(domain)
        && domain.contains('.')
        && !domain.split('.').any(str::is_empty)
}

/// The most bytes of an e-mail address.
const MAX_EMAIL: usize = 254;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_check_digit_of_an_orcid_id_must_be_right() {
        let kept = "https://orcid.org/0000-0002-1825-0097";
        for good in
            ["0000-0002-1825-0097", "http://orcid.org/0000-0002-1825-0097/", "orcid.org/0000-0002-1825-0097", kept]
        {
            assert_eq!(orcid(good).as_deref(), Some(kept), "{good}");
        }
        assert_eq!(orcid("0000-0001-5000-000x").as_deref(), None);
        assert_eq!(orcid("0000-0002-9079-593x").as_deref(), Some("https://orcid.org/0000-0002-9079-593X"));
        for bad in ["", "0000-0002-1825-0098", "0000000218250097", "0000-0002-1825-00970", "https://orcid.org/", "ä-b"]
        {
            assert_eq!(orcid(bad), None, "{bad}");
        }
    }

    #[test]
    fn dois_are_kept_bare() {
        for good in ["10.1000/182", "doi: 10.1000/182", "https://doi.org/10.1000/182", "HTTP://DX.DOI.ORG/10.1000/182"]
        {
            assert_eq!(doi(good).as_deref(), Some("10.1000/182"), "{good}");
        }
        assert_eq!(doi("10.18653/v1/2022.acl-long.1(a)").as_deref(), Some("10.18653/v1/2022.acl-long.1(a)"));
        for bad in
            ["", "10.1000/", "10.1/2", "11.1000/182", "10.10a0/1", "10.1000/a b", "https://example.org/10.1000/1"]
        {
            assert_eq!(doi(bad), None, "{bad}");
        }
    }

    #[test]
    fn addresses_have_two_sides() {
        assert!(
            is_email("ada@example.org") && is_email("o'hara+x@mail.example.co.uk") && is_email("jörg@bücher.example")
        );
        let long = format!("{}@example.org", "x".repeat(250));
        for bad in ["", "ada", "@example.org", "ada@", "ada@example", "a b@example.org", "a@b@c.org", "a@.org", &long] {
            assert!(!is_email(bad), "{bad}");
        }
    }
}
