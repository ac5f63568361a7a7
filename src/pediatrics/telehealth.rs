//! Visits by video or telephone: place of service and modifier by where the child was and what the payer wants (PED-65).

use jiff::civil::{Date, date};

use super::Rule;
use super::visits::{Visit, visit};
use crate::reference::{Modifier, PlaceOfService, ProcedureCode};

/// Telehealth.
pub const PED_65: Rule = Rule::new(
    "PED-65",
    "CMS place-of-service list; CPT 95, 93, 98000–98016; payers' rules",
    "Place of service 10 when the child is at home, else 02; 95 for video and 93 for audio alone as the payer wants them; a well visit is not for telehealth.",
);

/// How child and provider met.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Channel {
    /// By audio and video.
    Video,
    /// By audio alone.
    Audio,
}

/// A visit at a distance.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Remote {
    /// How.
    pub channel: Channel,
    /// Whether the child was at home.
    pub at_home: bool,
}

/// What a payer wants on a visit by video.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum VideoMark {
    /// 95.
    #[default]
    NinetyFive,
    /// GT, the older one.
    Gt,
    /// None: the place says it.
    Nothing,
}

/// What a payer wants on a visit by audio alone.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum AudioMark {
    /// 93.
    #[default]
    NinetyThree,
    /// FQ.
    Fq,
    /// None.
    Nothing,
    /// It does not pay for audio alone.
    NotPaid,
}

/// What a payer wants for telehealth.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Terms {
    /// On video.
    pub video: VideoMark,
    /// On audio.
    pub audio: AudioMark,
    /// Whether it takes 98000 to 98016 in place of office codes.
    pub own_codes: bool,
    /// Whether it pays well visits at a distance.
    pub well_visits: bool,
}

/// The place of service.
#[must_use]
pub fn place(remote: Remote) -> PlaceOfService {
    if remote.at_home { PlaceOfService::TELEHEALTH_HOME } else { PlaceOfService::TELEHEALTH_ELSEWHERE }
}

/// Whether a place of service is one of telehealth.
#[must_use]
pub fn is_place(place: PlaceOfService) -> bool {
    matches!(place, PlaceOfService::TELEHEALTH_HOME | PlaceOfService::TELEHEALTH_ELSEWHERE)
}

/// The modifier of the visit, where the payer wants one.
#[must_use]
pub fn modifier(channel: Channel, terms: Terms) -> Option<Modifier> {
    match (channel, terms.video, terms.audio) {
        (Channel::Video, VideoMark::NinetyFive, _) => Some(Modifier::literal("95")),
        (Channel::Video, VideoMark::Gt, _) => Some(Modifier::literal("GT")),
        (Channel::Audio, _, AudioMark::NinetyThree) => Some(Modifier::literal("93")),
        (Channel::Audio, _, AudioMark::Fq) => Some(Modifier::literal("FQ")),
        (Channel::Video, VideoMark::Nothing, _) | (Channel::Audio, _, AudioMark::Nothing | AudioMark::NotPaid) => None,
    }
}

/// Whether a modifier says that the visit was at a distance.
#[must_use]
pub fn is_mark(modifier: Modifier) -> bool {
    matches!(modifier.as_str(), "95" | "93" | "GT" | "FQ")
}

/// The first date of service of 98000 to 98016.
pub const OWN_CODES_FROM: Date = date(2025, 1, 1);

/// The telehealth visit of 2025 that stands for an office visit, by channel; `None` for what is no office visit with a level. The four
/// levels stand in the same order: new by video, established by video, new by audio, established by audio.
#[must_use]
pub fn own_code(office: ProcedureCode, channel: Channel) -> Option<ProcedureCode> {
    const BY_VIDEO: [&str; 8] = ["98000", "98001", "98002", "98003", "98004", "98005", "98006", "98007"];
    const BY_AUDIO: [&str; 8] = ["98008", "98009", "98010", "98011", "98012", "98013", "98014", "98015"];
    let step = match office.number()? {
        number @ 99202..=99205 => number - 99202,
        number @ 99212..=99215 => number - 99212 + 4,
        _ => return None,
    };
    let codes = if channel == Channel::Video { BY_VIDEO } else { BY_AUDIO };
    codes.get(usize::try_from(step).ok()?).map(|code| ProcedureCode::literal(code))
}

/// Whether a code is one of the telehealth visits of 2025: they take no telehealth modifier, since they say it themselves.
#[must_use]
pub fn is_own_code(code: ProcedureCode) -> bool {
    matches!(code.number(), Some(98000..=98016))
}

/// What is wrong with a line by telehealth rules (E054, E050).
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// A telehealth modifier, and a place where people meet.
    #[error("a telehealth modifier needs place of service 02 or 10")]
    MarkWithoutPlace,
    /// A telehealth code, and a place where people meet.
    #[error("a telehealth code needs place of service 02 or 10")]
    CodeWithoutPlace,
    /// 98000 to 98016 at a payer that does not take them.
    #[error("the payer takes no telehealth codes of their own: use the office code")]
    CodeNotTaken,
    /// 98000 to 98016 with 95 or the like.
    #[error("a telehealth code takes no telehealth modifier")]
    CodeWithMark,
    /// Two telehealth modifiers.
    #[error("a visit is by video or by audio: one telehealth modifier")]
    TwoMarks,
    /// The payer's modifier is missing.
    #[error("the payer wants a telehealth modifier beside the place of service")]
    MarkMissing,
    /// A service that needs hands.
    #[error("this service cannot be given at a distance")]
    NeedsPresence,
    /// A well visit: a warning.
    #[error("well visits are usually not paid at a distance")]
    WellVisit,
}

impl Fault {
    /// Whether it is only a warning: payers differ, and nobody has said what this one wants.
    #[must_use]
    pub fn is_warning(self) -> bool {
        matches!(self, Fault::WellVisit | Fault::CodeNotTaken)
    }
}

/// Whether a service needs the child to be there: vaccines and their administration, procedures, newborn care in the hospital,
/// nebulizer, fluoride, hearing and vision. Tests are not among them: a specimen may come from home.
#[must_use]
pub fn needs_presence(code: ProcedureCode) -> bool {
    matches!(
        code.number(),
        Some(
            10004..=69990
            | 90281..=90399
            | 90460..=90474
            | 90476..=90480
            | 90581..=90759
            | 91300..=91323
            | 92551
            | 92552
            | 92567
            | 94640
            | 94760
            | 96372
            | 96380
            | 96381
            | 99173..=99177
            | 99188
            | 99460..=99465,
        )
    )
}

/// Everything that is wrong with a line at its place of service.
pub fn faults(code: ProcedureCode, modifiers: &[Modifier], place: PlaceOfService, terms: Terms) -> impl Iterator<Item = Fault> {
    let remote = is_place(place);
    let marks = modifiers.iter().filter(|modifier| is_mark(**modifier)).count();
    let is_visit = visit(code);
    // Where one of the channels takes no mark, its absence may say just that.
    let wanted = terms.video != VideoMark::Nothing && terms.audio != AudioMark::Nothing;
    [
        (marks > 0 && !remote).then_some(Fault::MarkWithoutPlace),
        (is_own_code(code) && !remote).then_some(Fault::CodeWithoutPlace),
        (is_own_code(code) && !terms.own_codes).then_some(Fault::CodeNotTaken),
        (is_own_code(code) && marks > 0).then_some(Fault::CodeWithMark),
        (marks > 1).then_some(Fault::TwoMarks),
        (remote && marks == 0 && wanted && matches!(is_visit, Some(Visit::Problem(_) | Visit::Preventive))).then_some(Fault::MarkMissing),
        (remote && needs_presence(code)).then_some(Fault::NeedsPresence),
        (remote && is_visit == Some(Visit::Preventive) && !terms.well_visits).then_some(Fault::WellVisit),
    ]
    .into_iter()
    .flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(code: &str, modifiers: &[&str], place: &str, terms: Terms) -> Vec<Fault> {
        let modifiers: Vec<Modifier> = modifiers.iter().map(|m| m.parse().unwrap()).collect();
        faults(code.parse().unwrap(), &modifiers, place.parse().unwrap(), terms).collect()
    }

    #[test]
    fn ped_65_the_place_says_where_the_child_was_and_the_modifier_how_they_met() {
        let place = |at_home| place(Remote { channel: Channel::Video, at_home }).to_string();
        assert_eq!((place(true), place(false)), ("10".to_owned(), "02".to_owned()));
        let mark = |channel, terms| modifier(channel, terms).map(|m| m.to_string());
        assert_eq!(mark(Channel::Video, Terms::default()).as_deref(), Some("95"));
        assert_eq!(mark(Channel::Audio, Terms::default()).as_deref(), Some("93"));
        assert_eq!(mark(Channel::Video, Terms { video: VideoMark::Gt, ..Terms::default() }).as_deref(), Some("GT"));
        assert_eq!(mark(Channel::Video, Terms { video: VideoMark::Nothing, ..Terms::default() }), None);
    }

    #[test]
    fn ped_65_place_and_modifier_go_together() {
        assert!(found("99213", &["95"], "10", Terms::default()).is_empty());
        assert!(found("99213", &[], "11", Terms::default()).is_empty());
        assert_eq!(found("99213", &["95"], "11", Terms::default()), [Fault::MarkWithoutPlace]);
        assert_eq!(found("99213", &[], "02", Terms::default()), [Fault::MarkMissing]);
        assert!(found("99213", &[], "02", Terms { video: VideoMark::Nothing, ..Terms::default() }).is_empty());
        assert_eq!(found("99213", &["95", "93"], "02", Terms::default()), [Fault::TwoMarks]);
    }

    #[test]
    fn ped_65_well_visits_warn_and_vaccines_cannot_be_given_at_a_distance() {
        assert_eq!(found("99392", &["95"], "10", Terms::default()), [Fault::WellVisit]);
        assert!(Fault::WellVisit.is_warning() && !Fault::NeedsPresence.is_warning() && !Fault::MarkMissing.is_warning());
        let takes = Terms { well_visits: true, ..Terms::default() };
        assert!(found("99392", &["95"], "10", takes).is_empty());
        assert_eq!(found("99392", &[], "10", takes), [Fault::MarkMissing]);
        for code in ["90707", "90460", "90480", "91319", "94640", "99460"] {
            assert_eq!(found(code, &[], "10", Terms::default()), [Fault::NeedsPresence], "{code}");
        }
    }

    #[test]
    fn ped_65_each_level_has_a_telehealth_code_by_channel() {
        let own = |office: &str, channel| own_code(office.parse().unwrap(), channel).map(|code| code.to_string());
        assert_eq!(own("99202", Channel::Video).as_deref(), Some("98000"));
        assert_eq!(own("99213", Channel::Video).as_deref(), Some("98005"));
        assert_eq!(own("99205", Channel::Audio).as_deref(), Some("98011"));
        assert_eq!(own("99215", Channel::Audio).as_deref(), Some("98015"));
        assert_eq!((own("99211", Channel::Video), own("99392", Channel::Video)), (None, None));
    }

    #[test]
    fn ped_65_the_codes_of_2025_are_for_payers_that_take_them_and_stand_without_modifier() {
        assert_eq!(found("98005", &[], "10", Terms::default()), [Fault::CodeNotTaken]);
        let takes = Terms { own_codes: true, ..Terms::default() };
        assert!(found("98005", &[], "10", takes).is_empty());
        assert_eq!(found("98005", &["95"], "11", takes), [Fault::MarkWithoutPlace, Fault::CodeWithoutPlace, Fault::CodeWithMark]);
    }
}
