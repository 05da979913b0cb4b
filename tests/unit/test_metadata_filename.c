// SPDX-License-Identifier: MIT
// test_metadata_filename.c: what file names say.

#include "filename_rows.h"

static const struct filename_row rows[] = {
	// the names of comicfn2dict, and what it finds
	{ "The Walking Dead #3.cbz", "s=The Walking Dead i=3" },
	{ "The Walking Dead 4.cbz", "s=The Walking Dead i=4" },
	{ "Night of 1000 Wolves 001 (2013).cbz", "s=Night of 1000 Wolves i=001 y=2013" },
	{ "19687 Sandman 53.cbz", "s=19687 Sandman i=53" },
	{ "33475 OMAC v3 2.cbr", "s=33475 OMAC i=2 v=3" },
	{ "Long Series Name (2000) #001 Title (TPB) (Releaser).cbz",
	  "s=Long Series Name i=001 y=2000 t=Title f=Trade Paperback a=Releaser" },
	{ "Long Series Name Vol 1 (2000) (TPB) (Releaser & Releaser-Releaser) Title.cbr",
	  "s=Long Series Name i=1 v=1 y=2000 f=Trade Paperback a=Releaser & Releaser-Releaser r=Title" },
	{ "Ultimate Craziness (2019) (Digital) (Friends-of-Bill).cbr",
	  "s=Ultimate Craziness y=2019 f=Digital a=Friends-of-Bill" },
	{ "Arkenstone Vol. 01 - The Smell of Burnt Toast (2020) (digital) (My-brother).cbr",
	  "s=Arkenstone i=01 v=1 y=2020 t=The Smell of Burnt Toast f=Digital a=My-brother" },
	{ "The_Arkenstone_v03_(2002)_(Digital)_(DR_&amp;_Quenya-Elves).cbr",
	  "s=The Arkenstone i=03 v=3 y=2002 f=Digital a=DR &amp; Quenya-Elves" },
	{ "Kartalk v01 001 - Fear the Brakes (2004) (digital) (Son of Ultron-EMpire).cbr",
	  "s=Kartalk i=001 v=1 y=2004 t=Fear the Brakes f=Digital a=Son of Ultron-EMpire" },
	{ "Jeremy John - Not A Title (2017) (digital-Minutement).cbz",
	  "s=Jeremy John - Not A Title y=2017 f=Digital a=Minutement" },
	{ "Jeremy John 001 (2006) (digital (Minutemen-Faessla).cbz",
	  "s=Jeremy John i=001 y=2006 f=Digital a=Minutemen-Faessla" },
	{ "Jeremy John 003 (2007) (4 covers) (digital) (Minutemen-Faessla).cbz",
	  "s=Jeremy John i=003 y=2007 f=Digital a=Minutemen-Faessla r=(4 covers)" },
	{ "King of Skittles 01 (of 05) (2020) (digital) (Son of Ultron-Empire).cbr",
	  "s=King of Skittles i=01 c=5 y=2020 f=Digital a=Son of Ultron-Empire" },
	{ "A Fractional Comic 8.54.cbz", "s=A Fractional Comic i=8.54" },
	{ "Earth X #½.cbz", "s=Earth X i=½" },
	{ "Avengers #001½.cbz", "s=Avengers i=001½" },
	{ "The Amazing Spider-Man #78.BEY.cbz", "s=The Amazing Spider-Man i=78.BEY" },
	{ "Wolverine & the X-Men #27AU.cbz", "s=Wolverine & the X-Men i=27AU" },
	{ "The Sensational Spider-Man v1 #-1 (1997).cbz",
	  "s=The Sensational Spider-Man i=-1 v=1 y=1997" },
	{ "Cory Doctorow's Futuristic Tales of the Here and Now #0.0.1 (2007).cbz",
	  "s=Cory Doctorow's Futuristic Tales of the Here and Now i=0.0.1 y=2007" },
	{ "Cory Doctorow's Futuristic Tales of the Here and Now: Anda's Game #001 (2007).cbz",
	  "s=Cory Doctorow's Futuristic Tales of the Here and Now i=001 y=2007 t=Anda's Game" },
	{ "batman #B01 title.cbz", "s=batman i=B01 t=title" },
	{ "action comics 1024.cbz", "s=action comics i=1024" },
	{ "Action Comics 1001 (2018).cbz", "s=Action Comics i=1001 y=2018" },
	{ "Bardude - The Last Thing I Remember.cbz", "s=Bardude - The Last Thing I Remember" },
	{ "Drunkguy - The Man Without Fear - 01.cbz", "s=Drunkguy - The Man Without Fear i=01" },
	{ "'Batman - Superman - World's Finest 022 (2024) (Webrip) (The Last Kryptonian-DCP).cbz",
	  "s=Batman - Superman - World's Finest i=022 y=2024 f=Web Rip a=The Last Kryptonian-DCP" },
	{ "Batman '89 (2021) .cbr", "s=Batman '89 y=2021" },
	{ "Star Wars - War of the Bounty Hunters - IG-88 (2021).cbz",
	  "s=Star Wars - War of the Bounty Hunters - IG-88 y=2021" },
	{ "Blade Runner Free Comic Book Day 2021 (2021).cbr",
	  "s=Blade Runner Free Comic Book Day 2021 y=2021" },
	{ "Super Strange Yarns (1957) #92 (1969).cbz", "s=Super Strange Yarns i=92 v=1957 y=1969" },
	{ "Elephantmen 2259 #008 - Simple Truth 03 (of 06) (2021).cbr",
	  "s=Elephantmen 2259 i=008 v=3 n=6 y=2021 t=Simple Truth" },
	{ "Bloodshot Book 03 (2020).cbr", "s=Bloodshot i=03 v=3 y=2020 t=Book 03" },
	{ "X-Men, 2021-08-04 (#02).cbz", "s=X-Men i=02 y=2021 m=8 d=4" },
	{ "Test Month First Date 02-24-2001.cbz", "s=Test Month First Date y=2001 m=2 d=24" },
	{ "Marvel Previews #002 (January 2022).cbr", "s=Marvel Previews i=002 y=2022 m=1 p=Marvel" },
	{ "Monster_Island_v1_#2__repaired__c2c.cbz",
	  "s=Monster Island i=2 v=1 a=c2c r=(repaired)" },
	{ " X-Men-V1-#067.cbr", "s=X-Men i=067 v=1 r=-" },
	{ "Free Comic Book Day - Avengers.Hulk (2021).cbz",
	  "s=Free Comic Book Day - Avengers Hulk y=2021" },
	{ "Wonder Woman #49 DC Sep-Oct 1951 digital [downsized, lightened, 4 missing story pages "
	  "restored] (Shadowcat-Empire).cbz",
	  "s=Wonder Woman i=49 y=1951 m=9 f=Digital p=DC r=(downsized, lightened, 4 missing story pages "
	  "restored) (Shadowcat-Empire)" },
	{ "Captain Science #001-cix-cbi.cbr", "s=Captain Science i=001 t=cix-cbi" },
	{ "001.cbz", "s=001" },
	{ "#52.cbz", "i=52" },

	// where ComicTagger and comicfn2dict disagree
	{ "batman #3 title (DC).cbz", "s=batman i=3 t=title p=DC" }, // ComicTagger's
	{ "ms. Marvel #3.cbz", "s=ms. Marvel i=3 p=Marvel" },
	{ "Dr. Doom And The Masters Of Evil #1.cbz", "s=Dr. Doom And The Masters Of Evil i=1" },
	{ "52 Monster_Island_v1_#2__repaired__c2c.cbz",
	  "s=52 Monster Island i=2 v=1 a=c2c r=(repaired)" }, // comicfn2dict's
	{ "Cyberpunk 2077 - You Have My Word #02 (2021) (digital) (Son of Ultron-Empire).cbr",
	  "s=Cyberpunk 2077 - You Have My Word i=02 y=2021 f=Digital a=Son of Ultron-Empire" },
	{ "Avatar - The Last Airbender - The Legend of Korra (FCBD 2021) (Digital) (mv-DCP).cbr",
	  "s=Avatar - The Last Airbender - The Legend of Korra y=2021 f=Digital a=mv-DCP r=(FCBD 2021)" },
	{ "Aquaman 80th Anniversary 100-Page Super Spectacular (2021) #001 (2021).cbr",
	  "s=Aquaman 80th Anniversary 100-Page Super Spectacular i=001 y=2021" },
	{ "The Defenders v1 Annual #01 (1976) (Digital) (Minutemen-Slayer).cbr",
	  "s=The Defenders Annual i=01 v=1 y=1976 f=Digital a=Minutemen-Slayer" }, // ComicTagger's
	{ "The Magic Order 2 #06 (2022) (Digital) (Zone-Empire)[__913302__].cbz",
	  "s=The Magic Order 2 i=06 y=2022 f=Digital a=Zone-Empire r=(913302)" },
	{ "Michel Vaillant #66 100.000.000 $ voor Steve Warson",
	  "s=Michel Vaillant i=66 t=100.000.000 $ voor Steve Warson" },
	{ "Michel Vaillant #5 Nr. 13 aan de start", "s=Michel Vaillant i=5 t=Nr. 13 aan de start" },

	// manga
	{ "c012 (v02).cbz", "i=012 v=2" },
	{ "Berserk c012 (v02) [Group].cbz", "s=Berserk i=012 v=2 r=(Group)" },
	{ "Berserk Vol. 03 Ch. 020.cbz", "s=Berserk i=020 v=3" },
	{ "Vol 03 Ch 020.cbz", "i=020 v=3" },
	{ "One Piece - Chapter 1044.5.cbz", "s=One Piece i=1044.5" },
	{ "Naruto v01-03 (2004).cbz", "s=Naruto i=01 v=1 w=3 y=2004" },
	{ "Foo c1.cbz", "s=Foo c1" },
	{ "Foo 12 c2c.cbz", "s=Foo i=12 a=c2c" },

	// numbers that are part of a name
	{ "100 Bullets.cbz", "s=100 Bullets" },
	{ "100 Bullets 050.cbz", "s=100 Bullets i=050" },
	{ "300.cbz", "s=300" },
	{ "300 (1998).cbz", "s=300 y=1998" },
	{ "01 Foo.cbz", "s=Foo i=01" },
	{ "3 - Foo.cbz", "s=Foo i=3" },
	{ "2. Foo.cbz", "s=Foo i=2" },
	{ "20th Century Boys v05.cbz", "s=20th Century Boys i=05 v=5" },
	{ "Jaws 3D.cbz", "s=Jaws 3D" },
	{ "Star Wars 1977 #1.cbz", "s=Star Wars i=1 y=1977" },
	{ "Rev 3.cbz", "s=Rev i=3" },
	{ "Revolver3.cbz", "s=Revolver3" },

	// dates
	{ "Foo (Sep 2020).cbz", "s=Foo y=2020 m=9" },
	{ "Foo May 5, 2020.cbz", "s=Foo y=2020 m=5 d=5" },
	{ "Foo 05-2020.cbz", "s=Foo y=2020 m=5" },
	{ "Foo 2020-13-01 (2).cbz", "s=Foo 2020-13-01 r=(2)" },
	{ "Foo (2000) #1 January 2001.cbz", "s=Foo i=1 v=2000 y=2001 m=1" },

	// counts
	{ "Foo (1 of 5).cbz", "s=Foo i=1 c=5" },
	{ "Foo #1 of 5.cbz", "s=Foo i=1 c=5" },
	{ "Two of 12.cbz", "s=Two of i=12" },

	// publishers
	{ "Marvel.cbz", "s=Marvel p=Marvel" },
	{ "Captain Marvel #1.cbz", "s=Captain Marvel i=1" },
	{ "Epic Tales #1.cbz", "s=Epic Tales i=1" },
	{ "Foo #1 (Image).cbz", "s=Foo i=1 p=Image" },
	{ "Foo #1 (Dark Horse Comics) (2000).cbz", "s=Foo i=1 y=2000 p=Dark Horse Comics" },

	// odd bytes and shapes
	{ "Foo: Bar.cbz", "s=Foo t=Bar" },
	{ "S.H.I.E.L.D. #1.cbz", "s=S.H.I.E.L.D. i=1" },
	{ "Foo.Bar.Baz #1.cbz", "s=Foo Bar Baz i=1" },
	{ "Foo\xE9 #1.cbz", "s=Foo\xEF\xBF\xBD i=1" },
	{ "Cafe\xCC\x81 #1.cbz", "s=Caf\xC3\xA9 i=1" },
	{ "進撃の巨人 v01.cbz", "s=進撃の巨人 i=01 v=1" },
	{ "", "" },
	{ ".cbz", "s=.cbz" },
	{ "().cbz", "" },
	{ "#.cbz", "s=#" },
	{ "(((.cbz", "r=(((" },
	{ "Foo (a)(b)(c)(d)(e).cbz", "s=Foo r=(a) (b) (c) (d) (e)" },
	{ "Foo 001 (.cbz", "s=Foo i=001" },
	{ "Foo (unclosed.cbz", "s=Foo (unclosed" },
	{ "v99999999999999999999.cbz", "i=99999999999999999999" },
	{ "Foo.tar.gz", "s=Foo tar gz" },
};

static void test_long_names(struct reading *r)
{
	static char name[5000];

	memset(name, 'x', sizeof(name));
	reading_do(r, (struct text){ name, sizeof(name) }, TEXT(""));
	is_u64(strlen(value_at(r, "series/name")), 1024, "a name without end is cut");
	memset(name, '(', sizeof(name));
	reading_do(r, (struct text){ name, sizeof(name) }, TEXT(""));
	for (size_t i = 0; i < sizeof(name); i++)
		name[i] = "(2000)__[#1 of 2] "[i % 18];
	reading_do(r, (struct text){ name, sizeof(name) }, TEXT(""));
	value_is(r, "date/year", "2000", "a name of nothing but marks");
}

int main(void)
{
	struct reading r;

	reading_init(&r, true);
	check_rows(&r, rows, COMIC_COUNT(rows));
	test_long_names(&r);
	reading_clear(&r);
	return done();
}
