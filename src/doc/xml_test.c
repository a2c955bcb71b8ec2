#include <hp/base/test.h>
#include <hp/doc/doc.h>

static struct arena *arena;
static struct str root;

static void setup(void)
{
    arena_free(arena);
    arena = arena_new(1 << 22);
}

static struct doc *doc_of(struct str xml)
{
    struct doc *doc = NULL;
    struct doc_error error;
    ck_assert_msg(doc_from_xml(arena, xml, NULL, &root, &doc, &error), "%.*s: %.*s", STR(xml),
                  STR(error.message));
    return doc;
}

static struct str json_of(const struct doc *doc)
{
    struct buf out = buf_in(arena, 1 << 16);
    ck_assert(doc_to_json(doc, &out));
    return buf_str(&out);
}

START_TEST(an_answer_of_aws_becomes_a_tree)
{
    setup();
    struct doc *doc = doc_of(S("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
                               "<DescribeResponse xmlns=\"http://x/\">\n"
                               "  <requestId>r-1</requestId>\n"
                               "  <set>\n    <item><id>a</id></item>\n    <item/>\n  </set>\n"
                               "</DescribeResponse>\n"));

    ck_assert_str(root, S("DescribeResponse"));
    ck_assert_str(json_of(doc), S("{\"requestId\":\"r-1\",\"set\":{\"item\":{\"id\":\"a\"},"
                                  "\"item\":\"\"}}"));
}
END_TEST

START_TEST(prefixes_and_attributes_are_dropped)
{
    setup();
    struct doc *doc = doc_of(S("<s:a xmlns:s='u'><s:b c='d'> e </s:b></s:a>"));

    ck_assert_str(root, S("a"));
    ck_assert_str(doc_get_text(doc, S("b")), S(" e "));
    doc_of(S("<s:1/>")); /* a name only with what stands before it */
    ck_assert_str(root, S("s:1"));
}
END_TEST

START_TEST(attributes_are_members_where_they_are_wanted)
{
    setup();
    struct doc *doc = NULL;
    struct doc_error error;
    ck_assert(doc_from_xml_whole(
        arena, S("<s:a xmlns:s='u' s:c='d'>\n <s:b e='1'> f &amp; </s:b><g/></s:a>"), NULL, &root,
        &doc, &error));
    ck_assert_str(json_of(doc), S("{\"@c\":\"d\",\"b\":{\"@e\":\"1\",\"#\":\"f &\"},\"g\":{}}"));
    static const struct doc_limits few = {1024, 10, 3};
    ck_assert(!doc_from_xml_whole(arena, S("<a b='1' c='2' d='3'/>"), &few, &root, &doc, &error));
    ck_assert_str(error.message, S("the document has too many elements"));
}
END_TEST

START_TEST(text_is_joined_over_references_and_cdata)
{
    setup();
    ck_assert_str(doc_text(doc_of(S("<a>1 &lt; 2 &amp;&#x26;<![CDATA[<b>]]>\xc3\xa9</a>"))),
                  S("1 < 2 &&<b>\xc3\xa9"));
}
END_TEST

START_TEST(declarations_and_entities_are_refused)
{
    static const struct {
        const char *xml, *message;
    } rows[] = {
        {"<!DOCTYPE a><a/>", "a document type declaration is not allowed"},
        {"<!DOCTYPE a [<!ENTITY x 'y'>]><a>&x;</a>", "a document type declaration is not allowed"},
        {"<!DOCTYPE a SYSTEM 'file:///etc/passwd'><a/>",
         "a document type declaration is not allowed"},
        {"<a>&x;</a>", "undefined entity"},
        {"<a><b></a>", "mismatched tag"},
        {"<a/><b/>", "junk after document element"},
        {"", "no element found"},
        {"<a>\xff</a>", "not well-formed (invalid token)"},
    };
    setup();

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct doc *doc = NULL;
        struct doc_error error = {0};
        ck_assert(!doc_from_xml(arena, str_of(rows[i].xml), NULL, &root, &doc, &error));
        ck_assert_ptr_null(doc);
        ck_assert_str(error.message, str_of(rows[i].message));
        ck_assert_uint_eq(error.line, 1);
    }
}
END_TEST

START_TEST(limits_hold)
{
    static const struct {
        const char *xml;
        struct doc_limits limits;
        const char *message;
    } rows[] = {
        {"<a><b>1</b></a>", {100, 2, 2}, NULL},
        {"<a><b>1</b></a>", {100, 1, 2}, "the document is nested too deeply"},
        {"<a><b>1</b></a>", {100, 2, 1}, "the document has too many elements"},
        {"<a><b>1</b></a>", {10, 2, 2}, "the document is too large"},
    };
    setup();

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct doc *doc = NULL;
        struct doc_error error = {0};
        bool fine = doc_from_xml(arena, str_of(rows[i].xml), &rows[i].limits, &root, &doc, &error);
        ck_assert_int_eq(fine, rows[i].message == NULL);
        if (!fine)
            ck_assert_str(error.message, str_of(rows[i].message));
    }
}
END_TEST

START_TEST(a_tree_larger_than_the_arena_is_refused_not_fatal)
{
    struct arena *small = arena_new(4096);
    struct buf xml = buf_on_heap(1 << 20);
    struct doc *doc = NULL;
    struct doc_error error;

    buf_putz(&xml, "<a>");
    for (int i = 0; i < 1000; i++)
        buf_putz(&xml, "<b/>");
    buf_putz(&xml, "</a>");

    ck_assert(!doc_from_xml(small, buf_str(&xml), NULL, &root, &doc, &error));
    ck_assert_str(error.message, S("the document is too large"));
    buf_done(&xml);
    arena_free(small);
}
END_TEST

START_TEST(trees_are_written_as_elements)
{
    setup();
    struct doc *doc = doc_object(arena), *list = doc_list(arena), *named = doc_list(arena);
    struct buf out = buf_in(arena, 1 << 16);

    doc_add(arena, list, doc_int(arena, 1));
    doc_add(arena, list, doc_bool(arena, false));
    doc_put(arena, named, S("item"), doc_string(arena, S("a<b>&\"\r\n\x01")));
    doc_put(arena, doc, S("list"), list);
    doc_put(arena, doc, S("set"), named);
    doc_put(arena, doc, S("none"), doc_null(arena));
    doc_to_xml(S("Answer"), doc, &out);

    ck_assert_str(buf_str(&out),
                  S("<Answer><list><member>1</member><member>false</member></list>"
                    "<set><item>a&lt;b&gt;&amp;&quot;&#13;\n\xef\xbf\xbd</item></set>"
                    "<none></none></Answer>"));
    ck_assert_str(doc_text(doc_at(doc_of(buf_str(&out)), "set.item")),
                  S("a<b>&\"\r\n\xef\xbf\xbd"));
}
END_TEST

START_TEST(characters_that_xml_does_not_have_become_one_that_it_has)
{
    setup();
    struct buf out = buf_in(arena, 1 << 16);

    doc_xml_text(&out, S("\x01|\xef\xbf\xbe|\xef\xbf\xbf|\xef\xbf\xbd|\xf0\x9f\xbf\xbf"));
    ck_assert_str(buf_str(&out), S("\xef\xbf\xbd|\xef\xbf\xbd|\xef\xbf\xbd|\xef\xbf\xbd|"
                                   "\xf0\x9f\xbf\xbf"));
}
END_TEST

TESTS("doc/xml", an_answer_of_aws_becomes_a_tree, prefixes_and_attributes_are_dropped,
      attributes_are_members_where_they_are_wanted, text_is_joined_over_references_and_cdata,
      declarations_and_entities_are_refused, limits_hold,
      a_tree_larger_than_the_arena_is_refused_not_fatal, trees_are_written_as_elements,
      characters_that_xml_does_not_have_become_one_that_it_has)
