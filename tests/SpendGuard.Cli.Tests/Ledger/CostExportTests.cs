using SpendGuard.Cli.Ledger;

namespace SpendGuard.Cli.Tests.Ledger;

public sealed class CostExportTests
{
    private static readonly DateTimeOffset Day = new(2026, 11, 5, 0, 0, 0, TimeSpan.Zero);

    [Fact]
    public void OwnColumns_StandInAnyOrder() => Assert.Equal(
        [new ProviderCost("openai", "gpt-4o", 0.00000001m, Day), new ProviderCost("gemini", "a,b", 12.5m, null)],
        CostExport.Read("Model,cost_usd,note,provider,date\ngpt-4o,0.00000001,x,OpenAI,2026-11-05\n\"a,b\",1.25e1,,gemini,\n"));

    [Fact]
    public void OpenAICsv_IsRead() => Assert.Equal(
        [new ProviderCost("openai", "gpt-4o-2024-08-06", 0.8958740000000001m, Day), new ProviderCost("openai", "", 2m, Day)],
        CostExport.Read(
            "start_time,end_time,start_time_iso,end_time_iso,amount_value,amount_currency,line_item,project_id\n"
            + "1793836800,1793923200,x,x,0.8958740000000001,usd,\"gpt-4o-2024-08-06, input\",p\n"
            + "1793836800,1793923200,x,x,,,,\n"
            + "1793836800,1793923200,x,x,2,usd,,\n"));

    [Fact]
    public void OpenAICostReport_IsRead() => Assert.Equal(
        [new ProviderCost("openai", "gpt-4o-2024-08-06", 0.06m, Day), new ProviderCost("openai", "", 1.5m, Day)],
        CostExport.Read(
            """
            {"object":"page","data":[{"object":"bucket","start_time":1793836800,"end_time":1793923200,"results":[
              {"object":"organization.costs.result","amount":{"value":0.06,"currency":"usd"},"line_item":"gpt-4o-2024-08-06, output"},
              {"object":"organization.costs.result","amount":{"value":"1.5","currency":"usd"},"line_item":null}]}],"has_more":false}
            """));

    [Fact]
    public void AnthropicCostReport_IsInCents() => Assert.Equal(
        [new ProviderCost("anthropic", "claude-haiku-4-5", 1.2345m, Day), new ProviderCost("anthropic", "", 0.01m, Day)],
        CostExport.Read(
            """
            {"data":[{"starting_at":"2026-11-05T00:00:00Z","ending_at":"2026-11-06T00:00:00Z","results":[
              {"currency":"USD","amount":"123.45","model":"claude-haiku-4-5","cost_type":"tokens"},
              {"currency":"USD","amount":"1","model":null,"cost_type":"web_search"}]}],"has_more":false,"next_page":null}
            """));

    [Theory]
    [InlineData("", "none of the columns that are known")]
    [InlineData("a,b\n1,2\n", "none of the columns that are known")]
    [InlineData("provider,model,cost_usd\nopenai,gpt-4o,much\n", "Row 2 has 'much' for cost_usd, which is no amount.")]
    [InlineData("provider,model,cost_usd\nopenai,gpt-4o\n", "Row 2 has no 'cost_usd'.")]
    [InlineData("provider,model,cost_usd,date\nopenai,gpt-4o,1,soon\n", "Row 2 has 'soon', which is no date.")]
    [InlineData("provider,model,cost_usd\n\"openai", "A field in quotes does not end.")]
    [InlineData("amount_value,amount_currency,line_item,start_time\n1,eur,x,1\n", "Row 2 is in 'eur'")]
    [InlineData("{}", "It is no cost report")]
    [InlineData("{\"data\":[{\"starting_at\":\"2026-11-05T00:00:00Z\",\"results\":[{\"currency\":\"EUR\",\"amount\":\"1\"}]}]}", "in 'EUR'")]
    [InlineData("{\"data\":[],\"has_more\":true}", "It is one page of several")]
    [InlineData("{\"data\":[],\"has_more\":false,\"next_page\":\"page_2\"}", "It is one page of several")]
    public void OtherText_IsRefusedWithTheReason(string text, string reason) =>
        Assert.Contains(reason, Assert.Throws<CostExportException>(() => CostExport.Read(text)).Message, StringComparison.Ordinal);
}
