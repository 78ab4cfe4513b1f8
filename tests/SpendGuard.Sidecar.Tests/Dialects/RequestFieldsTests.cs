using System.Text;
using SpendGuard.Sidecar.Dialects;
using SpendGuard.Sidecar.Forwarding;
using SpendGuard.Sidecar.Tests.Clients;

namespace SpendGuard.Sidecar.Tests.Dialects;

/// <summary>What people read of the request fields is what the sidecar goes by.</summary>
public sealed class RequestFieldsTests
{
    private const string Beginning = """
        # Request fields

        What the sidecar does with each field of a request. A field that is not in its table is refused, unless
        `SPENDGUARD_STRICT_FIELDS=false`. Written by a test from the tables in the code.

        - **Refused**: its cost has no bound. `null`, `false`, `[]` and `{}` ask for nothing and pass.
        - **Pinned**: the sidecar sets it.
        - **Bound**: priced into what is held, or refused where it cannot be.
        - **Free**: it cannot raise the bill.

        """;

    private static readonly (string Title, FieldTable Fields)[] Tables =
    [
        ("OpenAI chat completions", OpenAIChatFields.Table),
        ("OpenAI responses", OpenAIResponsesFields.Table),
        ("OpenAI responses: `reasoning`", OpenAIResponsesFields.Reasoning),
        ("OpenAI embeddings", OpenAIEmbeddingsDialect.Fields),
        ("Anthropic messages", AnthropicFields.Table),
        ("Gemini `generateContent`", GeminiFields.Table),
        ("Gemini `generateContent`: `generationConfig`", GeminiFields.Config),
        ("Gemini on the run route", GeminiPrompt.Fields),
    ];

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
        Tables.SelectMany(table => table.Fields.Rules), rule => rule.Kind != FieldKind.Free && rule.Reason.Length == 0);

    private static string Write()
    {
        var text = new StringBuilder(Beginning);
        foreach (var (title, fields) in Tables)
        {
            text.Append($"\n## {title}\n\n| Field | Kind | Why |\n|---|---|---|\n");

            // The strictest first: they are what a reader looks for.
            foreach (var rule in fields.Rules.OrderByDescending(rule => rule.Kind))
            {
                text.Append($"| `{rule.Name}` | {rule.Kind} | {rule.Reason} |\n");
            }
        }

        return text.ToString();
    }
}
