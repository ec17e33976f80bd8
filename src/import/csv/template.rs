//! Tables to start from: every column that is understood, with a row that shows how it is filled in.

use super::Sheet;

/// The table for a sheet, as CSV.
pub fn template(sheet: Sheet) -> &'static str {
    match sheet {
        Sheet::People => concat!(
            "name,role,group,honorific,affiliation,bio,photo,homepage,orcid,scholar,linkedin,twitter,github,mastodon\n",
            "Ada Example,speaker,,Prof.,University of Examples,\"Ada works on examples.\",https://example.org/ada.jpg,",
            "https://example.org/ada,0000-0002-1825-0097,,,,,\n",
        ),
        Sheet::Papers => concat!(
            "number,title,authors,affiliations,abstract,presentation,pdf,supplement,poster,slides,video,code,openreview,arxiv,doi,",
            "session,slug,id\n",
            "17,On Examples,Ada Example; Bo Sample,University of Examples; Sample Labs,\"What examples are good for.\",poster,",
            "https://example.org/17.pdf,,,,,,,,,,,\n",
        ),
        Sheet::Sessions => concat!(
            "title,kind,day,start,end,duration,room,track,speakers,chairs,panelists,abstract,paper,parent,language,status,stream,",
            "recording,slides,donotrecord,number,slug,id\n",
            "Opening,opening,2031-05-02,09:00,09:15,,Hall 1,,Ada Example,,,\"Welcome to everybody.\",,,en,confirmed,,,,,,,\n",
        ),
    }
}
