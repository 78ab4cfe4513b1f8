using System.Text;
using System.Text.Json.Nodes;
using SpendGuard.SignedPrices.Documents;
using SpendGuard.SignedPrices.Tests;
using SpendGuard.Testing;
using SpendGuard.Testing.Provider;

namespace SpendGuard.Sidecar.Tests.SignedTables;

/// <summary>
/// A new beta, a new body field and a new tool type come in a signed document and are allowed without a restart, at a hold that covers what
/// the provider bills for them. The same document unsigned, changed, older, too new or expired changes nothing.
/// </summary>
public sealed class SignedTableTests
{
    private const string Beta = "field-notes-2027-01-01";
    private const string Row = """{"name":"field_notes","kind":"bound","by":"input","why":"It is input."}""";
    private const string Tool = """{"name":"planner_20270101","kind":"bound","by":"input","tokens":2048,"why":"The caller runs it.","of":{"fields":[{"name":"type","kind":"free"},{"name":"name","kind":"bound","by":"input","why":"It is input."},{"name":"horizon","kind":"bound","by":"input","why":"It is input."}]}}""";

    private static readonly (string, string)[] None = [];

    /// <summary>What is asked for, and what the sidecar says of it as long as it does not know it.</summary>
    public static TheoryData<string, string, string> New => new()
    {
        { "beta", Ask(""), $"The anthropic-beta value '{Beta}' is not known" },
        { "field", Ask($""","field_notes":"{string.Concat(Enumerable.Repeat("what was seen, ", 2_000))}" """), "Field 'field_notes' is not known" },
        { "tool", Ask($""","tools":[{"{"}"type":"planner_20270101","name":"planner","horizon":"{new string('h', 20_000)}"{"}"}]"""), "'planner_20270101', which is not known" },
    };

    [Theory]
    [MemberData(nameof(New))]
    public async Task NewInASignedDocument_IsAllowedWithoutARestart_AndHeldFor(string what, string request, string refusal)
    {
        await using var server = await TableServer.StartAsync();
        await using var sidecar = await server.StartSidecarAsync();
        var agent = await sidecar.AgentAsync(cents: 100_000);
        sidecar.Provider.Behaviour = new Behaviour { UseTheMost = true, NewFields = ["field_notes"] };
        var held = sidecar.WatchHolds(agent);
        var headers = what == "beta" ? [("anthropic-beta", Beta)] : None;

        var before = await sidecar.AskAsync("/v1/messages", agent, request, headers);
        Assert.Equal(400, before.Status);
        Assert.Contains(refusal, before.Text, StringComparison.Ordinal);
        await sidecar.AssertNothingHappenedAsync(agent);

        await server.PublishAsync(sidecar, TableServer.Signed(Newer()));
        var after = await sidecar.AskAsync("/v1/messages", agent, request, headers);

        Assert.True(after.Status == 200, after.Text);
        var billed = await sidecar.AssertPaidAsBilledAsync(agent);
        Assert.InRange(billed, 1, Assert.Single(held));
    }

    /// <summary>What is wrong with the document, and what is said of it.</summary>
    public static TheoryData<string, string> Bad => new()
    {
        { "unsigned", "has no signature" },
        { "another key", "signature of the request table document is wrong" },
        { "changed", "signature of the request table document is wrong" },
        { "older", "before one that was accepted already" },
        { "older than what ships", "before what this version has without any document" },
        { "expired", "has expired" },
        { "for a newer engine", "needs an engine of at least version 9.0.0" },
        { "of a newer form", "'request_tables.anthropic.tables_version' is 2, and this version reads 1" },
        { "with a row of a newer kind", "'request_tables.anthropic.shapes.message_request.fields[" },
        { "without the pin of the cap", "'messages.max_tokens' is pinned by this version" },
        { "without tables", "'request_tables' is missing" },
    };

    [Theory]
    [MemberData(nameof(Bad))]
    public async Task BadDocument_ChangesNothing(string what, string said)
    {
        await using var server = await TableServer.StartAsync();
        await using var sidecar = await server.StartSidecarAsync();
        var agent = await sidecar.AgentAsync();

        await server.PublishAsync(sidecar, Document(what));

        Assert.Contains(said, TableServer.Feed(sidecar).LastFailure!.Sentence, StringComparison.Ordinal);
        Assert.Equal(400, (await sidecar.AskAsync("/v1/messages", agent, Ask(""), ("anthropic-beta", Beta))).Status);
        await sidecar.AssertNothingHappenedAsync(agent);
        var (status, ready) = await sidecar.GetAsync("/ready");
        Assert.Equal((200, "verified"), (status, (string?)ready["request_tables"]!["signature"]));
        Assert.Contains(said, (string)ready["request_tables"]!["last_failure"]!, StringComparison.Ordinal);

        await server.PublishAsync(sidecar, TableServer.Signed(Newer()));
        Assert.Null(TableServer.Feed(sidecar).LastFailure);
        Assert.Equal(200, (await sidecar.AskAsync("/v1/messages", agent, Ask(""), ("anthropic-beta", Beta))).Status);
    }

    [Fact]
    public async Task Expired_CallsAreRefusedWithTheReason_UntilNewOnesCome()
    {
        await using var server = await TableServer.StartAsync();
        await using var sidecar = await server.StartSidecarAsync();
        var agent = await sidecar.AgentAsync();
        server.GoDown();
        server.Time.Advance(TimeSpan.FromDays(1) + TimeSpan.FromMinutes(1));

        var refused = await sidecar.AskAsync("/v1/messages", agent, Ask(""));

        Assert.Equal(503, refused.Status);
        Assert.Contains("The request tables from", refused.Text, StringComparison.Ordinal);
        var (status, ready) = await sidecar.GetAsync("/ready");
        Assert.Equal(503, status);
        Assert.Contains("The request tables from", (string)Assert.Single(ready["reasons"]!.AsArray())!, StringComparison.Ordinal);
        await sidecar.AssertNothingHappenedAsync(agent);

        await server.PublishAsync(sidecar, TableServer.Signed(TableServer.Document(), server.Time.GetUtcNow(), server.Time.GetUtcNow().AddDays(1)));
        Assert.Equal(200, (await sidecar.AskAsync("/v1/messages", agent, Ask(""))).Status);
    }

    [Fact]
    public async Task Withdrawn_WhatADocumentNoLongerHas_IsRefusedAgain()
    {
        await using var server = await TableServer.StartAsync();
        await using var sidecar = await server.StartSidecarAsync();
        var agent = await sidecar.AgentAsync();
        await server.PublishAsync(sidecar, TableServer.Signed(Newer()));
        Assert.Equal(200, (await sidecar.AskAsync("/v1/messages", agent, Ask(""), ("anthropic-beta", Beta))).Status);

        await server.PublishAsync(sidecar, TableServer.Signed(TableServer.Document()));

        Assert.Equal(400, (await sidecar.AskAsync("/v1/messages", agent, Ask(""), ("anthropic-beta", Beta))).Status);
    }

    /// <summary>The provider's own count is asked for with the fields that the code knows, so it is no bound of what is new.</summary>
    [Fact]
    public async Task WhatARowAloneBounds_IsNotHeldByTheProvidersCount()
    {
        await using var server = await TableServer.StartAsync();
        await using var sidecar = await server.StartSidecarAsync();
        await server.PublishAsync(sidecar, TableServer.Signed(Newer()));
        var agent = await sidecar.AgentAsync(cents: 1);
        var notes = string.Concat(Enumerable.Repeat("what was seen, ", 2_000));

        var refused = await sidecar.AskAsync("/v1/messages", agent, Ask($""","field_notes":"{notes}" """));

        Assert.Equal(402, refused.Status);
        Assert.Empty(sidecar.Provider.Calls);
    }

    [Fact]
    public async Task Header_OfADocument_GoesOn()
    {
        await using var server = await TableServer.StartAsync();
        await using var sidecar = await server.StartSidecarAsync();
        var agent = await sidecar.AgentAsync();
        var seen = new List<bool>();
        sidecar.Provider.OnArrival = request =>
        {
            seen.Add(request.Headers.ContainsKey("x-notes"));
            return Task.CompletedTask;
        };

        await sidecar.AskAsync("/v1/messages", agent, Ask(""), ("x-notes", "1"));
        await server.PublishAsync(sidecar, TableServer.Signed(Newer()));
        await sidecar.AskAsync("/v1/messages", agent, Ask(""), ("x-notes", "1"));

        Assert.Equal([false, true], seen);
    }

    /// <summary>The rows of the page that tells of them, at the places that it says.</summary>
    [Fact]
    public async Task PagesExample_AddedToWhatShips_OpensWhatItSays()
    {
        await using var server = await TableServer.StartAsync();
        await using var sidecar = await server.StartSidecarAsync();
        var agent = await sidecar.AgentAsync(cents: 100_000);
        var request = Ask(""","field_notes":"seen","tools":[{"type":"planner_20270101"}]""");
        Assert.Equal(400, (await sidecar.AskAsync("/v1/messages", agent, request, ("anthropic-beta", Beta))).Status);
        var document = TableServer.Document();
        var page = await File.ReadAllTextAsync(Repository.Path("references", "request-tables.md"));
        Add(JsonNode.Parse(page.Split("```json\n")[1].Split("```")[0])!.AsObject(), document);
        var passedOn = false;
        sidecar.Provider.OnArrival = sent =>
        {
            passedOn = sent.Headers.ContainsKey("x-notes");
            return Task.CompletedTask;
        };

        await server.PublishAsync(sidecar, TableServer.Signed(document));
        var after = await sidecar.AskAsync("/v1/messages", agent, request, ("anthropic-beta", Beta), ("x-notes", "1"));

        Assert.True(after.Status == 200, after.Text);
        Assert.True(passedOn);

        static void Add(JsonObject rows, JsonObject to)
        {
            foreach (var (name, part) in rows)
            {
                if (part is JsonArray more)
                {
                    Assert.All(more, row => to[name]!.AsArray().Add(row!.DeepClone()));
                }
                else
                {
                    Add(part!.AsObject(), to[name]!.AsObject());
                }
            }
        }
    }

    private static string Ask(string more) =>
        """{"model":"claude-haiku-4-5","max_tokens":5,"messages":[{"role":"user","content":"Hi"}]""" + more + "}";

    /// <summary>The tables that ship, with a new beta, field, tool and header.</summary>
    private static JsonObject Newer()
    {
        var document = TableServer.Document("anthropic", ("message_request", Row), ("tool", Tool));
        var tables = document["request_tables"]!["anthropic"]!;
        tables["betas"]!.AsArray().Add(JsonNode.Parse($$"""{"value":"{{Beta}}","kind":"free","why":"What it opens is bounded.","opens":["field_notes"]}"""));
        tables["headers"]!.AsArray().Add(JsonNode.Parse("""{"name":"x-notes","why":"It names the notes."}"""));
        return document;
    }

    private static byte[] Document(string fault)
    {
        var document = Newer();
        switch (fault)
        {
            case "unsigned":
                return TableServer.Unsigned(document);
            case "another key":
                return TableServer.Signed(document, keys: PriceKeyPair.Generate());
            case "changed":
                return Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(TableServer.Signed(document)).Replace("field_notes", "field_motes", StringComparison.Ordinal));
            case "older":
                return TableServer.Signed(document, TableServer.Now.AddSeconds(-1));
            case "older than what ships":
                return TableServer.Signed(document, TableServer.Now.AddDays(-1).AddSeconds(-1));
            case "expired":
                return TableServer.Signed(document, TableServer.Now.AddHours(-1), TableServer.Now.AddMinutes(-1));
            case "for a newer engine":
                document["engine"]!["min_version"] = "9.0.0";
                break;
            case "of a newer form":
                document["request_tables"]!["anthropic"]!["tables_version"] = 2;
                break;
            case "with a row of a newer kind":
                document = TableServer.Document("anthropic", ("message_request", Row.Replace("\"input\"", "\"half\"", StringComparison.Ordinal)));
                break;
            case "without the pin of the cap":
                document = TableServer.Document("anthropic", ("message_request", """{"name":"max_tokens","kind":"free"}"""));
                break;
            default:
                document.Remove("request_tables");
                break;
        }

        return TableServer.Signed(document);
    }
}
