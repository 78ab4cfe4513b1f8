using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using SpendGuard.Cli.Reports;

namespace SpendGuard.Cli.Connection;

/// <summary>Talks to a sidecar. Every failure is a <see cref="CommandFailedException"/> with a sentence.</summary>
internal sealed partial class SidecarClient : IDisposable
{
    private readonly HttpClient _http;

    public SidecarClient(Uri address, string? apiKey)
    {
        _http = new HttpClient { BaseAddress = address, Timeout = TimeSpan.FromSeconds(30) };
        if (apiKey is not null)
        {
            _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", apiKey);
        }
    }

    /// <summary>Where the sidecar is, without a slash at the end.</summary>
    public string Address => _http.BaseAddress!.AbsoluteUri.TrimEnd('/');

    public Task<Answer<HealthView>> HealthAsync(CancellationToken cancellationToken) =>
        GetAsync("health", BodyJson.Default.HealthView, cancellationToken);

    /// <summary>Whether calls can be served: an answer also when they cannot.</summary>
    public Task<Answer<ReadyView>> ReadyAsync(CancellationToken cancellationToken) => SendAsync(
        new HttpRequestMessage(HttpMethod.Get, "ready"),
        BodyJson.Default.ReadyView,
        cancellationToken,
        status => status is HttpStatusCode.OK or HttpStatusCode.ServiceUnavailable);

    /// <summary>Makes the key that agents and budgets are set with, and goes on with it.</summary>
    public async Task<Answer<AdminKeyView>> CreateAdminKeyAsync(CancellationToken cancellationToken)
    {
        var made = await SendAsync(new HttpRequestMessage(HttpMethod.Post, "v1/admin-key"), BodyJson.Default.AdminKeyView, cancellationToken);
        _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", made.Body.AdminKey);
        return made;
    }

    /// <param name="agent">What there is to say of it.</param>
    /// <param name="idempotencyKey">A key under which one agent is made; null for none.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    public Task<Answer<AgentView>> CreateAgentAsync(AgentChange agent, string? idempotencyKey, CancellationToken cancellationToken) => SendAsync(
        WithKey(Post("v1/agents", agent, BodyJson.Default.AgentChange), idempotencyKey), BodyJson.Default.AgentView, cancellationToken);

    /// <summary>A page of the agents; all of them from an older sidecar, which knows no pages.</summary>
    /// <param name="after">The last agent that is known already; null to start.</param>
    /// <param name="limit">The most agents.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    public Task<Answer<AgentListView>> ListAgentsAsync(string? after, int limit, CancellationToken cancellationToken) => GetAsync(
        "v1/agents" + Page(after, limit),
        BodyJson.Default.AgentListView,
        cancellationToken);

    public Task<Answer<AgentView>> FindAgentAsync(string agent, CancellationToken cancellationToken) =>
        GetAsync(Path(agent), BodyJson.Default.AgentView, cancellationToken);

    public Task<Answer<AgentView>> ChangeAgentAsync(string agent, AgentChange change, CancellationToken cancellationToken) => SendAsync(
        new HttpRequestMessage(HttpMethod.Patch, Path(agent)) { Content = JsonContent.Create(change, BodyJson.Default.AgentChange) },
        BodyJson.Default.AgentView,
        cancellationToken);

    public Task<Answer<AgentView>> DeleteAgentAsync(string agent, CancellationToken cancellationToken) =>
        SendAsync(new HttpRequestMessage(HttpMethod.Delete, Path(agent)), BodyJson.Default.AgentView, cancellationToken);

    /// <summary>Makes a key of an agent's, which is shown this once.</summary>
    /// <param name="agent">The agent.</param>
    /// <param name="name">What the key is for; null for nothing.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    public Task<Answer<AgentKeyView>> CreateKeyAsync(string agent, string? name, CancellationToken cancellationToken) =>
        SendAsync(Post(Path(agent) + "/keys", new AgentChange(name), BodyJson.Default.AgentChange), BodyJson.Default.AgentKeyView, cancellationToken);

    public Task<Answer<AgentKeyListView>> ListKeysAsync(string agent, CancellationToken cancellationToken) =>
        GetAsync(Path(agent) + "/keys", BodyJson.Default.AgentKeyListView, cancellationToken);

    public Task<Answer<AgentKeyView>> RevokeKeyAsync(string agent, string key, CancellationToken cancellationToken) => SendAsync(
        new HttpRequestMessage(HttpMethod.Delete, $"{Path(agent)}/keys/{Uri.EscapeDataString(key)}"), BodyJson.Default.AgentKeyView, cancellationToken);

    public Task<Answer<RunView>> CreateRunAsync(string agent, CancellationToken cancellationToken) =>
        SendAsync(Post(Path(agent) + "/runs", new AgentChange(null), BodyJson.Default.AgentChange), BodyJson.Default.RunView, cancellationToken);

    public Task<Answer<BudgetView>> FindBudgetAsync(string agent, CancellationToken cancellationToken) =>
        GetAsync(Path(agent) + "/budget", BodyJson.Default.BudgetView, cancellationToken);

    /// <param name="agent">The agent.</param>
    /// <param name="change">What to set the budget to.</param>
    /// <param name="idempotencyKey">A key under which the change takes effect once; null for none.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    public Task<Answer<BudgetView>> SetBudgetAsync(
        string agent, BudgetChange change, string? idempotencyKey, CancellationToken cancellationToken) => SendAsync(
        WithKey(Post(Path(agent) + "/budget", change, BodyJson.Default.BudgetChange), idempotencyKey), BodyJson.Default.BudgetView, cancellationToken);

    /// <summary>An agent's budget; null when it has none.</summary>
    public async Task<Answer<BudgetView>?> TryFindBudgetAsync(string agent, CancellationToken cancellationToken)
    {
        try
        {
            return await FindBudgetAsync(agent, cancellationToken);
        }
        catch (HttpFailureException failure) when (failure is { Status: 404, Code: null or "budget_not_found" })
        {
            // From an older sidecar a budget that is missing and an agent that is are not told apart.
            return null;
        }
    }

    /// <param name="agent">Only this agent's entries; null for all.</param>
    /// <param name="after">The sequence of the last entry that is known already.</param>
    /// <param name="limit">The most entries.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    public Task<Answer<LedgerPageView>> ReadLedgerAsync(string? agent, long after, int limit, CancellationToken cancellationToken) => GetAsync(
        (agent is null ? "v1/ledger" : Path(agent) + "/ledger") + string.Create(CultureInfo.InvariantCulture, $"?after={after}&limit={limit}"),
        BodyJson.Default.LedgerPageView,
        cancellationToken);

    /// <summary>The newest entries, newest first, without those of dry runs; an older sidecar gives the oldest, and does not tell <c>next_before</c>.</summary>
    /// <param name="agent">Only this agent's entries; null for all.</param>
    /// <param name="before">The sequence of the first entry that is known already; null for the newest.</param>
    /// <param name="limit">The most entries.</param>
    /// <param name="dryRuns">Whether those of dry runs are among them.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    public Task<Answer<LedgerPageView>> ReadNewestAsync(string? agent, long? before, int limit, bool dryRuns, CancellationToken cancellationToken) => GetAsync(
        (agent is null ? "v1/ledger" : Path(agent) + "/ledger")
            + string.Create(CultureInfo.InvariantCulture, $"?order=newest&limit={limit}{(before is null ? "" : $"&before={before}")}{(dryRuns ? "" : "&dry_runs=false")}"),
        BodyJson.Default.LedgerPageView,
        cancellationToken);

    /// <summary>Who spent what.</summary>
    public Task<Answer<ReportView>> ReportAsync(IReadOnlyList<string> by, DateTimeOffset? since, DateTimeOffset? until, CancellationToken cancellationToken) => GetAsync(
        $"v1/report?by={string.Join(',', by)}{Time("since", since)}{Time("until", until)}", BodyJson.Default.ReportView, cancellationToken);

    /// <summary>Reserves and releases, without a call.</summary>
    /// <param name="agent">The agent.</param>
    /// <param name="provider">Whom to reserve a call to; null to let the sidecar choose.</param>
    /// <param name="model">Which model; null to let the sidecar choose.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    public Task<Answer<DryRunView>> DryRunAsync(string agent, string? provider, string? model, CancellationToken cancellationToken) => SendAsync(
        Post(Path(agent) + "/dry-run", new DryRunOrder(provider, model), BodyJson.Default.DryRunOrder),
        BodyJson.Default.DryRunView,
        cancellationToken);

    /// <summary>Has the sidecar ask a provider for its models, which costs nothing.</summary>
    public Task<Answer<ProviderCheckView>> CheckProviderAsync(string provider, CancellationToken cancellationToken) => SendAsync(
        new HttpRequestMessage(HttpMethod.Post, $"v1/providers/{Uri.EscapeDataString(provider)}/check"), BodyJson.Default.ProviderCheckView, cancellationToken);

    public void Dispose() => _http.Dispose();

    private static string Time(string name, DateTimeOffset? time) => time is { } given ? $"&{name}={Uri.EscapeDataString(given.ToString("O", CultureInfo.InvariantCulture))}" : "";

    private static string Path(string agent) => $"v1/agents/{Uri.EscapeDataString(agent)}";

    private static HttpRequestMessage Post<T>(string path, T body, JsonTypeInfo<T> type) => With(HttpMethod.Post, path, body, type);

    private static HttpRequestMessage WithKey(HttpRequestMessage request, string? idempotencyKey)
    {
        if (idempotencyKey is not null)
        {
            request.Headers.TryAddWithoutValidation("Idempotency-Key", idempotencyKey);
        }

        return request;
    }

    private Task<Answer<T>> GetAsync<T>(string path, JsonTypeInfo<T> type, CancellationToken cancellationToken) =>
        SendAsync(new HttpRequestMessage(HttpMethod.Get, path), type, cancellationToken);

    private async Task<Answer<T>> SendAsync<T>(
        HttpRequestMessage request, JsonTypeInfo<T> type, CancellationToken cancellationToken, Func<HttpStatusCode, bool>? isAnswer = null)
    {
        using (request)
        {
            var (response, body) = await ExchangeAsync(request, cancellationToken);
            using (response)
            {
                return isAnswer?.Invoke(response.StatusCode) ?? response.IsSuccessStatusCode
                    ? Read(body, type) with { Date = response.Headers.Date }
                    : throw HttpFailureException.Of((int)response.StatusCode, response.ReasonPhrase, body);
            }
        }
    }

    private async Task<(HttpResponseMessage Response, string Body)> ExchangeAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        try
        {
            var response = await _http.SendAsync(request, cancellationToken);
            return (response, await response.Content.ReadAsStringAsync(cancellationToken));
        }
        catch (HttpRequestException exception)
        {
            throw new SidecarUnreachableException(Address, exception.Message, exception);
        }
        catch (OperationCanceledException exception) when (!cancellationToken.IsCancellationRequested)
        {
            throw new SidecarUnreachableException(Address, $"It did not answer within {_http.Timeout.TotalSeconds:0} seconds.", exception);
        }
    }

    private Answer<T> Read<T>(string body, JsonTypeInfo<T> type)
    {
        try
        {
            var json = JsonNode.Parse(body) ?? throw new JsonException("It is null.");
            return new Answer<T>(json.Deserialize(type) ?? throw new JsonException("It is null."), json);
        }
        catch (JsonException exception)
        {
            throw new CommandFailedException(
                $"What answers at {Address} is no sidecar: {exception.Message} Check --base-url.", innerException: exception);
        }
    }
}
