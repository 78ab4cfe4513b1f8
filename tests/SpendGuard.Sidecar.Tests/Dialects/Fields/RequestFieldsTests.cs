using System.Text;
using SpendGuard.Sidecar.Dialects;
using SpendGuard.Sidecar.Dialects.Anthropic;
using SpendGuard.Sidecar.Dialects.Fields;
using SpendGuard.Sidecar.Dialects.Headers;
using SpendGuard.Sidecar.Dialects.Tables;

namespace SpendGuard.Sidecar.Tests.Dialects.Fields;

/// <summary>What people read of the request fields is what the sidecar goes by.</summary>
public sealed class RequestFieldsTests
{
    private const string Beginning = """
        # Request fields

        What the sidecar does with each field of a request. A field that is not in its table is refused, unless
        `SPENDGUARD_STRICT_FIELDS=false`. Written by a test from the tables that the code goes by:
        `src/SpendGuard.Sidecar/Dialects/*/*.requests.json`. A signed document can renew them: [request tables](request-tables.md).

        - **Refused**: its cost has no bound. `null`, `false` and `[]` ask for nothing and pass.
        - **Pinned**: the sidecar sets it.
        - **Bound**: priced into what is held, or refused where it cannot be.
        - **Free**: it cannot raise the bill. A text of more than 64 bytes in its place counts as input all the same.

        A path such as `messages.content[text].text` is the field `text` of the content of a message, where the content's `type` is `text`;
        lists are not marked. What is in a refused object does not matter, and what is in a bound one without rows of its own is counted
        by its length.

        """;

    private static readonly (string Title, FieldShape Fields)[] Tables =
    [
        ("OpenAI chat completions", RequestTables.Bundled.Of("openai").Request("chat")),
        ("OpenAI responses", RequestTables.Bundled.Of("openai").Request("responses")),
        ("OpenAI embeddings", RequestTables.Bundled.Of("openai").Request("embeddings")),
        ("OpenAI images", RequestTables.Bundled.Of("openai").Request("images")),
        ("Anthropic messages", RequestTables.Bundled.Of("anthropic").Request("messages")),
        ("Gemini `generateContent`", RequestTables.Bundled.Of("gemini").Request("generateContent")),
        ("Gemini `embedContent`", RequestTables.Bundled.Of("gemini").Request("embedContent")),
        ("Gemini `batchEmbedContents`", RequestTables.Bundled.Of("gemini").Request("batchEmbedContents")),
        ("Gemini on the run route", RequestTables.Bundled.Of("gemini").Request("prompt")),
    ];

    private const string HeadersBeginning = """

        ## Headers and query

        What goes on to the provider of a caller's headers. All others stop at the sidecar without a word, since many clients send some
        always: masks of the answer, which hide what is billed; who pays (organisation, project, workspace: `OPENAI_ORG_ID` and
        `OPENAI_PROJECT_ID` of the sidecar's settings say it); overrides of the method; what gateways go by. A provider of your own may get
        more: `SpendGuard__Providers__NAME__ForwardHeaders`. Of the query only `alt=sse` goes on where Gemini streams, and `beta=true` at
        Anthropic.

        """;

    private static readonly (string Title, HeaderTable Headers)[] Headers =
    [
        ("OpenAI's formats", RequestTables.Bundled.Of("openai").Headers),
        ("Anthropic's", RequestTables.Bundled.Of("anthropic").Headers),
        ("Gemini's", RequestTables.Bundled.Of("gemini").Headers),
    ];

    private static IEnumerable<FieldRule> Betas => RequestTables.Bundled.Of("anthropic").Betas.Rules;

    /// <summary>The copy that people read. Set UPDATE_REFERENCES=1 to write it anew.</summary>
    private static string Copy => Repository.Path("references", "request-fields.md");

    [Fact]
    public async Task Reference_IsOfTheTables()
    {
        var written = Write();
        if (Environment.GetEnvironmentVariable("UPDATE_REFERENCES") == "1")
        {
            await File.WriteAllTextAsync(Copy, written);
        }

        Assert.True(
            await File.ReadAllTextAsync(Copy) == written,
            "references/request-fields.md is not what the code does. Run this test with UPDATE_REFERENCES=1 and look at the difference.");
    }

    [Fact]
    public void Field_ThatIsNotFree_HasAReason() => Assert.DoesNotContain(
        Tables.SelectMany(table => Rules(table.Fields, [])).Concat(Betas),
        rule => rule.Kind != FieldKind.Free && rule.Reason.Length == 0);

    [Fact]
    public void Header_HasAReason() => Assert.DoesNotContain(Headers.SelectMany(table => table.Headers.Rules), rule => rule.Reason.Length == 0);

    private static IEnumerable<FieldRule> Rules(FieldShape shape, HashSet<FieldShape> seen) => seen.Add(shape)
        ? shape.Rules.Concat(shape.Rules.Where(rule => rule.Of is not null).SelectMany(rule => Rules(rule.Of!, seen)))
        : [];

    private static string Write()
    {
        var text = new StringBuilder(Beginning);
        foreach (var (title, fields) in Tables)
        {
            text.Append($"\n## {title}\n\n| Field | Kind | Why |\n|---|---|---|\n");
            WriteRows(text, fields.Rules);
            if (fields.Rules.Any(rule => rule.Of is not null))
            {
                text.Append($"\n### Inside them\n\n| Field | Kind | Why |\n|---|---|---|\n");
                WriteInside(text, "", fields, new Dictionary<FieldShape, string>());
            }
        }

        text.Append($"\n## Anthropic: the header `{AnthropicBetas.Header}`\n\n| Value | Kind | Why |\n|---|---|---|\n");
        WriteRows(text, Betas);

        text.Append(HeadersBeginning);
        foreach (var (title, headers) in Headers)
        {
            text.Append($"\n### {title}\n\n| Header | Why |\n|---|---|\n");
            foreach (var rule in headers.Rules)
            {
                text.Append($"| `{rule.Name}`{(rule.Values.Count > 0 ? $": `{string.Join("`, `", rule.Values)}`" : "")} | {rule.Reason} |\n");
            }
        }

        return text.ToString();
    }

    /// <summary>The strictest first: they are what a reader looks for.</summary>
    private static void WriteRows(StringBuilder text, IEnumerable<FieldRule> rules)
    {
        foreach (var rule in rules.OrderByDescending(rule => rule.Kind))
        {
            text.Append($"| `{rule.Name}` | {rule.Kind} | {rule.Reason} |\n");
        }
    }

    /// <summary>The rows of what is inside a shape, several in a line where they say the same.</summary>
    private static void WriteInside(StringBuilder text, string path, FieldShape shape, Dictionary<FieldShape, string> written)
    {
        foreach (var rule in shape.Rules.Where(rule => rule is { Kind: not FieldKind.Refused, Of: not null }))
        {
            var inside = shape is FieldKinds ? $"{path}[{rule.Name}]" : path.Length == 0 ? rule.Name : $"{path}.{rule.Name}";
            if (!written.TryAdd(rule.Of!, inside))
            {
                text.Append($"| in `{inside}` | | As in `{written[rule.Of!]}`. |\n");
                continue;
            }

            foreach (var rows in rule.Of!.Rules.OrderByDescending(row => row.Kind).GroupBy(row => (row.Kind, row.Reason)))
            {
                var names = rows.Select(row => rule.Of is FieldKinds ? $"`{inside}[{row.Name}]`" : $"`{inside}.{row.Name}`");
                text.Append($"| {string.Join(", ", names)} | {rows.Key.Kind} | {rows.Key.Reason} |\n");
            }

            WriteInside(text, inside, rule.Of, written);
        }
    }
}
