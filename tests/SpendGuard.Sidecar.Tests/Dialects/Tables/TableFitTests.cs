using System.Text;
using System.Text.Json.Nodes;
using SpendGuard.Sidecar.Dialects.Tables;

namespace SpendGuard.Sidecar.Tests.Dialects.Tables;

/// <summary>What tables may change, and what the code keeps whatever they say.</summary>
public sealed class TableFitTests
{
    public static TheoryData<string> Vendors => [.. RequestTables.Bundled.Vendors];

    /// <summary>A shape or list, what is added to it, and what the sentence says.</summary>
    public static TheoryData<string, string, string> Refused => new()
    {
        { "message_request", """{"name":"max_tokens","kind":"free"}""", "'messages.max_tokens' is pinned by this version" },
        { "message_request", """{"name":"max_tokens","kind":"bound","by":"input","why":"It is not."}""", "'messages.max_tokens' is pinned by this version" },
        { "message_request", """{"name":"service_tier","kind":"free"}""", "'messages.service_tier' is pinned by this version" },
        { "message_request", """{"name":"speed","kind":"free"}""", "'messages.speed' is bound by a reader of this version" },
        { "message_request", """{"name":"system","kind":"bound","by":"reader","why":"It is input."}""", "'messages.system' does not say what is in it" },
        { "message_request", """{"name":"tool_choice","kind":"free"}""", "'messages.tool_choice' does not say what is in it" },
        { "message_request", """{"name":"min_tokens","kind":"pinned","why":"It raises the bill."}""", "'messages.min_tokens' is to be pinned, and this version does not" },
        { "message_request", """{"name":"notes","kind":"bound","by":"reader","why":"It is input."}""", "'messages.notes' is to be bound by a reader, and this version has none there" },
        { "message_request", """{"name":"notes","kind":"bound","by":"input","why":"It is input.","of":"#block"}""", "is to be bound by a reader, and this version has none there" },
        { "message_request", """{"name":"fallbacks","kind":"pinned","why":"It is set."}""", "'messages.fallbacks' is to be pinned" },
        { "tool", """{"name":"web_search_20250305","kind":"free","of":{"fields":[]}}""", "'messages.tools[web_search_20250305]' is bound by a reader of this version" },
    };

    [Theory]
    [MemberData(nameof(Vendors))]
    public void Bundled_Fit(string vendor) => new TableFit(RequestTables.Bundled.Of(vendor), RequestTables.Bundled.Of(vendor)).Require(vendor);

    [Theory]
    [MemberData(nameof(Refused))]
    public void Row_ThatTakesFromTheCode_IsRefused(string shape, string row, string said)
    {
        var fault = Assert.Throws<TableFormatException>(() => Require("anthropic", TableTexts.With("anthropic", shape, row)));
        Assert.Contains(said, fault.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("message_request", """{"name":"notes","kind":"bound","by":"input","why":"It is input."}""")]
    [InlineData("message_request", """{"name":"notes","kind":"free"}""")]
    [InlineData("message_request", """{"name":"fallbacks","kind":"free","of":{"fields":[]}}""")]
    [InlineData("message_request", """{"name":"temperature","kind":"refused","why":"It turned out to cost."}""")]
    [InlineData("message_request", """{"name":"max_tokens","kind":"refused","why":"It turned out to cost."}""")]
    [InlineData("tool", """{"name":"planner_20270101","kind":"bound","by":"input","tokens":500,"why":"The caller runs it."}""")]
    [InlineData("tool", """{"name":"mcp_toolset","kind":"bound","by":"maximum","why":"It runs once."}""")]
    public void Row_ThatIsNewOrStricter_Fits(string shape, string row) => Require("anthropic", TableTexts.With("anthropic", shape, row));

    /// <summary>Every row that the code reads or pins, made free.</summary>
    [Theory]
    [MemberData(nameof(Vendors))]
    public void Row_OfTheCode_CannotBeMadeFree(string vendor)
    {
        var count = TableTexts.Rows(TableTexts.Bundled(vendor)).Count(TableTexts.IsOfCode);
        Assert.True(count > 30, $"Only {count} rows are of the code.");
        for (var index = 0; index < count; index++)
        {
            var tables = TableTexts.Bundled(vendor);
            var row = TableTexts.Rows(tables).Where(TableTexts.IsOfCode).ElementAt(index);
            row["kind"] = "free";
            row.Remove("by");

            var fault = Record.Exception(() => Require(vendor, tables));

            Assert.True(fault is TableFormatException, $"{row.ToJsonString()} was made free: {fault}");
        }
    }

    [Fact]
    public void Header_ThatChoosesTheFormOfTheAnswer_KeepsItsValues()
    {
        var tables = TableTexts.Bundled("openai");
        tables["headers"]!.AsArray().OfType<JsonObject>().Single(row => (string?)row["name"] == "Accept").Remove("values");

        Assert.Contains("Accept", Assert.Throws<TableFormatException>(() => Require("openai", tables)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Beta_ThatOpensInput_GoesOnToSaySo()
    {
        var tables = TableTexts.Bundled("anthropic");
        var beta = tables["betas"]!.AsArray().OfType<JsonObject>().Single(row => (string?)row["value"] == "context-1m-2025-08-07");
        beta["kind"] = "free";
        beta.Remove("by");
        beta.Remove("opens_input");

        Assert.Contains("opens the model to 1000000 tokens of input", Assert.Throws<TableFormatException>(() => Require("anthropic", tables)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Format_ThatIsLeftOut_IsMissed()
    {
        var tables = TableTexts.Bundled("openai");
        tables["requests"]!.AsObject().Remove("responses");

        Assert.Contains("'openai.requests.responses' is missing", Assert.Throws<TableFormatException>(() => Require("openai", tables)).Message, StringComparison.Ordinal);
    }

    private static void Require(string vendor, JsonObject tables) =>
        new TableFit(TableReader.Read(Encoding.UTF8.GetBytes(tables.ToJsonString())), RequestTables.Bundled.Of(vendor)).Require(vendor);
}
