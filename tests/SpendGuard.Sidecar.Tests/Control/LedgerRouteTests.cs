using System.Net.Http.Json;
using System.Text.Json;

namespace SpendGuard.Sidecar.Tests.Control;

public sealed class LedgerRouteTests : IAsyncLifetime
{
    private const string Chat = """{"model":"gpt-4o-mini","max_tokens":10,"messages":[{"role":"user","content":"Hello"}]}""";

    private SidecarFixture _sidecar = null!;

    public async Task InitializeAsync() => _sidecar = await SidecarFixture.StartAsync();

    public async Task DisposeAsync() => await _sidecar.DisposeAsync();

    [Fact]
    public async Task Ledger_TellsEveryEntryWithItsBalance()
    {
        var agent = await CalledAgentAsync();

        var page = await GetAsync($"/v1/agents/{agent}/ledger");

        var entries = page.GetProperty("entries").EnumerateArray().ToList();
        Assert.Equal(["budget_set", "reserved", "settled"], entries.Select(entry => entry.GetProperty("kind").GetString()));
        var settled = entries[2];
        Assert.Equal(agent, settled.GetProperty("agent_id").GetString());
        Assert.Equal("openai:gpt-4o-mini", settled.GetProperty("model").GetString());
        Assert.Equal("run-1", settled.GetProperty("run_id").GetString());
        Assert.Equal(JsonValueKind.Null, settled.GetProperty("function").ValueKind);
        Assert.Equal(entries[1].GetProperty("reservation_id").GetString(), settled.GetProperty("reservation_id").GetString());
        Assert.Equal(_sidecar.Provider.Bill.TotalMicrocents, settled.GetProperty("amount_microcents").GetInt64());
        Assert.Equal(_sidecar.Provider.Bill.TotalMicrocents, settled.GetProperty("spent_microcents").GetInt64());
        Assert.Equal(0, settled.GetProperty("held_microcents").GetInt64());
        Assert.Equal(1_000_000_000, settled.GetProperty("granted_microcents").GetInt64());
        Assert.Equal(1_000_000_000, settled.GetProperty("hard_limit_microcents").GetInt64());
        Assert.False(page.GetProperty("has_more").GetBoolean());
    }

    [Fact]
    public async Task Ledger_IsReadPageByPage()
    {
        await CalledAgentAsync();
        await CalledAgentAsync();
        var whole = (await GetAsync("/v1/ledger")).GetProperty("entries").GetArrayLength();
        Assert.Equal(6, whole);

        var sequences = new List<long>();
        var after = 0L;
        bool more;
        do
        {
            var page = await GetAsync($"/v1/ledger?after={after}&limit=4");
            sequences.AddRange(page.GetProperty("entries").EnumerateArray().Select(entry => entry.GetProperty("sequence").GetInt64()));
            (after, more) = (page.GetProperty("next_after").GetInt64(), page.GetProperty("has_more").GetBoolean());
        }
        while (more);

        Assert.Equal([1, 2, 3, 4, 5, 6], sequences);
        var end = await GetAsync($"/v1/ledger?after={after}");
        Assert.Equal((0, after), (end.GetProperty("entries").GetArrayLength(), end.GetProperty("next_after").GetInt64()));
    }

    [Fact]
    public async Task LedgerOfOneAgent_HasNothingOfAnothers()
    {
        var one = await CalledAgentAsync();
        await CalledAgentAsync();

        var page = await GetAsync($"/v1/agents/{one}/ledger");

        Assert.All(page.GetProperty("entries").EnumerateArray(), entry => Assert.Equal(one, entry.GetProperty("agent_id").GetString()));
        Assert.Equal(3, page.GetProperty("entries").GetArrayLength());
    }

    [Fact]
    public async Task LedgerOfADeletedAgent_Stays()
    {
        var agent = await CalledAgentAsync();
        using var deleted = await _sidecar.Client.DeleteAsync(new Uri($"/v1/agents/{agent}", UriKind.Relative));
        deleted.EnsureSuccessStatusCode();

        var page = await GetAsync($"/v1/agents/{agent}/ledger?limit=1&after=3");
        var end = await GetAsync($"/v1/agents/{agent}/ledger?after=4");

        Assert.Equal("budget_closed", page.GetProperty("entries")[0].GetProperty("kind").GetString());
        Assert.Equal(0, end.GetProperty("entries").GetArrayLength());
    }

    [Theory]
    [InlineData("/v1/agents/nobody/ledger", 404, "Agent not found")]
    [InlineData("/v1/ledger?after=-1", 400, "'after' has to be a whole number of at least 0.")]
    [InlineData("/v1/ledger?after=x", 400, "'after' has to be a whole number of at least 0.")]
    [InlineData("/v1/ledger?after=9223372036854775808", 400, "'after' has to be a whole number of at least 0.")]
    [InlineData("/v1/ledger?limit=0", 400, "'limit' has to be a whole number from 1 to 1000.")]
    [InlineData("/v1/ledger?limit=1001", 400, "'limit' has to be a whole number from 1 to 1000.")]
    public async Task Ledger_ThatCannotBeRead_IsRefused(string path, int status, string detail)
    {
        using var answer = await _sidecar.Client.GetAsync(new Uri(path, UriKind.Relative));

        Assert.Equal(status, (int)answer.StatusCode);
        Assert.Equal(detail, (await SidecarFixture.JsonAsync(answer)).GetProperty("detail").GetString());
    }

    private async Task<string> CalledAgentAsync()
    {
        var agent = await _sidecar.AgentAsync();
        using var answer = await _sidecar.PostAsync("/v1/chat/completions", agent, Chat, headers: ("x-cynsta-run-id", "run-1"));
        answer.EnsureSuccessStatusCode();
        await answer.Content.ReadAsStringAsync();
        return agent;
    }

    private async Task<JsonElement> GetAsync(string path) => await _sidecar.Client.GetFromJsonAsync<JsonElement>(new Uri(path, UriKind.Relative));
}
