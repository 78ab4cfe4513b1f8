using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using SpendGuard.Sidecar.Calls;
using SpendGuard.Sidecar.Dialects.Anthropic;
using SpendGuard.Sidecar.Dialects.Tables;
using SpendGuard.Sidecar.Refusals;

namespace SpendGuard.Sidecar.Tests.Dialects.Tables;

/// <summary>What a row alone bounds counts as input, whatever the code reads.</summary>
public sealed class CountedRowTests
{
    private const string Plain = """{"model":"claude-haiku-4-5","max_tokens":5,"messages":[{"role":"user","content":"Hi"}]}""";

    [Fact]
    public void Input_CountsAtLeastTheBytesOfItsJson()
    {
        var notes = new string('x', 10_000);
        var call = Read(WithNotes("""{"name":"notes","kind":"bound","by":"input","why":"It is input."}"""), "notes", JsonValue.Create(notes));

        Assert.True(call.IsBoundByTables);
        Assert.InRange(call.Shape.InputBound - Read(RequestTables.Bundled.Of("anthropic"), null, null).Shape.InputBound, notes.Length, 2 * notes.Length);
    }

    [Fact]
    public void Input_AddsTheTokensOfTheProvider()
    {
        var without = Read(WithNotes("""{"name":"notes","kind":"bound","by":"input","why":"It is input."}"""), "notes", "x");
        var with = Read(WithNotes("""{"name":"notes","kind":"bound","by":"input","tokens":700,"why":"It is input."}"""), "notes", "x");

        Assert.Equal(700, with.Shape.InputBound - without.Shape.InputBound);
    }

    [Fact]
    public void Input_WithinCountedInput_CountsOnce_ButForItsTokens()
    {
        var text = JsonNode.Parse($$"""{"inner":"{{new string('x', 1_000)}}"}""");
        var outer = Read(WithNotes("""{"name":"notes","kind":"bound","by":"input","why":"It is input."}"""), "notes", text);
        var both = Read(
            WithNotes("""{"name":"notes","kind":"bound","by":"input","why":"It is input.","of":{"fields":[{"name":"inner","kind":"bound","by":"input","tokens":9,"why":"It is input."}]}}"""), "notes", text);

        Assert.Equal(9, both.Shape.InputBound - outer.Shape.InputBound);
    }

    [Fact]
    public void Maximum_HoldsAllThatTheModelTakes() => Assert.Equal(
        "'notes'", Read(WithNotes("""{"name":"notes","kind":"bound","by":"maximum","why":"It cannot be seen."}"""), "notes", "x").Shape.UnseenInput);

    [Fact]
    public void Null_CountsNothing() => Assert.False(
        Read(WithNotes("""{"name":"notes","kind":"bound","by":"maximum","why":"It cannot be seen."}"""), "notes", null).IsBoundByTables);

    [Fact]
    public void UnknownInside_IsStillRefused()
    {
        var tables = WithNotes("""{"name":"notes","kind":"bound","by":"input","why":"It is input.","of":{"fields":[{"name":"inner","kind":"free"}]}}""");

        var refused = Assert.Throws<BadRequestException>(() => Read(tables, "notes", JsonNode.Parse("""{"other":1}""")));

        Assert.Contains("'notes.other' is not known", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Beta_AddsItsTokens()
    {
        var tables = TableTexts.Bundled("anthropic");
        tables["betas"]!.AsArray().Add(JsonNode.Parse("""{"value":"hints-2027-01-01","kind":"bound","by":"input","tokens":300,"why":"It adds a prompt."}"""));
        var call = Sample(Read(tables), Plain);
        call.Headers["anthropic-beta"] = "hints-2027-01-01";

        var read = new AnthropicMessagesDialect().Read(call);

        Assert.Equal(300, read.Shape.InputBound - new AnthropicMessagesDialect().Read(Sample(Read(tables), Plain)).Shape.InputBound);
        Assert.True(read.IsBoundByTables);
    }

    private static VendorTables WithNotes(string row) => Read(TableTexts.With("anthropic", "message_request", row));

    private static VendorTables Read(JsonObject tables) => TableReader.Read(Encoding.UTF8.GetBytes(tables.ToJsonString()));

    private static Call Read(VendorTables tables, string? field, JsonNode? value)
    {
        var body = JsonNode.Parse(Plain)!.AsObject();
        if (field is not null)
        {
            body[field] = value?.DeepClone();
        }

        return new AnthropicMessagesDialect().Read(Sample(tables, body.ToJsonString()));
    }

    private static Call Sample(VendorTables tables, string body) =>
        SampleCall.Of("anthropic", new AnthropicMessagesDialect(), JsonElement.Parse(body)) with
        {
            Tables = RequestTables.Bundled.With(new Dictionary<string, VendorTables>(StringComparer.Ordinal) { ["anthropic"] = tables }),
        };
}
