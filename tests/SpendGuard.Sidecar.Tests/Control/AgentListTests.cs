using System.Net;
using System.Text.Json;
using SpendGuard.Budgets;

namespace SpendGuard.Sidecar.Tests.Control;

public sealed class AgentListTests : IAsyncLifetime
{
    private SidecarFixture _sidecar = null!;

    public async Task InitializeAsync() => _sidecar = await SidecarFixture.StartAsync();

    public async Task DisposeAsync() => await _sidecar.DisposeAsync();

    [Fact]
    public async Task Agents_WithoutAQuestion_AreAllOfThemInTheOriginalsForm()
    {
        // More than fit into one page of the store.
        var made = await MakeAsync(1_203);

        var body = JsonDocument.Parse(await _sidecar.Client.GetStringAsync("/v1/agents")).RootElement;

        Assert.Equal(["agents"], body.EnumerateObject().Select(field => field.Name));
        Assert.Equal(made.Order(StringComparer.Ordinal), Ids(body).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Agents_OfNobody_AreAnEmptyList() =>
        Assert.Equal("""{"agents":[]}""", await _sidecar.Client.GetStringAsync("/v1/agents"));

    [Fact]
    public async Task Agents_AreReadPageByPage()
    {
        var made = await MakeAsync(11);
        var read = new List<string>();
        var pages = new List<int>();
        var query = "?limit=4";
        for (var more = true; more;)
        {
            var page = JsonDocument.Parse(await _sidecar.Client.GetStringAsync("/v1/agents" + query)).RootElement;
            var ids = Ids(page);
            read.AddRange(ids);
            pages.Add(ids.Count);
            more = page.GetProperty("has_more").GetBoolean();
            query = $"?limit=4&after={page.GetProperty("next_after").GetString()}";
        }

        Assert.Equal(made, read);
        Assert.Equal([4, 4, 3], pages);
    }

    [Theory]
    [InlineData("?limit=0", "'limit' has to be a whole number from 1 to 1000.")]
    [InlineData("?limit=1001", "'limit' has to be a whole number from 1 to 1000.")]
    [InlineData("?limit=many", "'limit' has to be a whole number from 1 to 1000.")]
    public async Task Agents_OfAPageThatCannotBe_AreRefused(string query, string sentence)
    {
        using var response = await _sidecar.Client.GetAsync("/v1/agents" + query);

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Contains(sentence, JsonDocument.Parse(await response.Content.ReadAsStringAsync()).RootElement.GetProperty("detail").GetString(), StringComparison.Ordinal);
    }

    private static List<string> Ids(JsonElement page) =>
        [.. page.GetProperty("agents").EnumerateArray().Select(agent => agent.GetProperty("agent_id").GetString()!)];

    private async Task<List<string>> MakeAsync(int count)
    {
        var made = new List<string>();
        foreach (var number in Enumerable.Range(0, count))
        {
            made.Add((await _sidecar.Engine.CreateAgentAsync($"agent {number}", new AgentId($"a{number}"))).Id.Value);
        }

        return made;
    }
}
