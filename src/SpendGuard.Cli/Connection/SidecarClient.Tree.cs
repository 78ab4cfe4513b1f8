using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using SpendGuard.Cli.Nodes;

namespace SpendGuard.Cli.Connection;

/// <content>Groups, limits and pauses.</content>
internal sealed partial class SidecarClient
{
    /// <summary>Creates a group, or brings the one that is there in line.</summary>
    public Task<Answer<GroupView>> PutGroupAsync(string group, GroupChange change, CancellationToken cancellationToken) =>
        SendAsync(With(HttpMethod.Put, GroupPath(group), change, BodyJson.Default.GroupChange), BodyJson.Default.GroupView, cancellationToken);

    public Task<Answer<GroupView>> FindGroupAsync(string group, CancellationToken cancellationToken) =>
        GetAsync(GroupPath(group), BodyJson.Default.GroupView, cancellationToken);

    /// <summary>A page of the groups.</summary>
    public Task<Answer<GroupListView>> ListGroupsAsync(string? after, int limit, CancellationToken cancellationToken) =>
        GetAsync("v1/groups" + Page(after, limit), BodyJson.Default.GroupListView, cancellationToken);

    public Task<Answer<GroupView>> DeleteGroupAsync(string group, CancellationToken cancellationToken) =>
        SendAsync(new HttpRequestMessage(HttpMethod.Delete, GroupPath(group)), BodyJson.Default.GroupView, cancellationToken);

    /// <summary>Puts a node under a group; under none when that is null.</summary>
    public Task<Answer<JsonElement>> MoveAsync(NodeName node, string? under, CancellationToken cancellationToken) => SendAsync(
        With(node.IsAgent ? HttpMethod.Patch : HttpMethod.Put, node.Path, new Move(under), BodyJson.Default.Move), BodyJson.Default.JsonElement, cancellationToken);

    /// <summary>Sets a node's limit of a window.</summary>
    public Task<Answer<LimitView>> SetLimitAsync(NodeName node, string window, LimitChange change, CancellationToken cancellationToken) => SendAsync(
        With(HttpMethod.Put, LimitPath(node, window), change, BodyJson.Default.LimitChange), BodyJson.Default.LimitView, cancellationToken);

    public Task<Answer<LimitListView>> ListLimitsAsync(NodeName node, CancellationToken cancellationToken) =>
        GetAsync(node.Path + "/limits", BodyJson.Default.LimitListView, cancellationToken);

    public Task<Answer<LimitRemovedView>> RemoveLimitAsync(NodeName node, string window, CancellationToken cancellationToken) =>
        SendAsync(new HttpRequestMessage(HttpMethod.Delete, LimitPath(node, window)), BodyJson.Default.LimitRemovedView, cancellationToken);

    /// <summary>Sets how many identical calls in a row pause an agent.</summary>
    public Task<Answer<BreakerView>> SetBreakerAsync(NodeName node, BreakerChange change, CancellationToken cancellationToken) => SendAsync(
        With(HttpMethod.Put, node.Path + "/breaker", change, BodyJson.Default.BreakerChange), BodyJson.Default.BreakerView, cancellationToken);

    public Task<Answer<BreakerView>> RemoveBreakerAsync(NodeName node, CancellationToken cancellationToken) =>
        SendAsync(new HttpRequestMessage(HttpMethod.Delete, node.Path + "/breaker"), BodyJson.Default.BreakerView, cancellationToken);

    public Task<Answer<JsonElement>> PauseAsync(NodeName node, string? reason, CancellationToken cancellationToken) =>
        SendAsync(With(HttpMethod.Post, node.Path + "/pause", new PauseOrder(reason), BodyJson.Default.PauseOrder), BodyJson.Default.JsonElement, cancellationToken);

    public Task<Answer<JsonElement>> ResumeAsync(NodeName node, CancellationToken cancellationToken) =>
        SendAsync(new HttpRequestMessage(HttpMethod.Post, node.Path + "/resume"), BodyJson.Default.JsonElement, cancellationToken);

    /// <summary>A page of all agents and groups with their limits.</summary>
    public Task<Answer<NodeListView>> ReadTreeAsync(string? after, int limit, CancellationToken cancellationToken) =>
        GetAsync("v1/tree" + Page(after, limit), BodyJson.Default.NodeListView, cancellationToken);

    /// <summary>An agent and the groups above it, with their limits.</summary>
    public Task<Answer<NodeListView>> ReadPathAsync(string agent, CancellationToken cancellationToken) =>
        GetAsync(Path(agent) + "/path", BodyJson.Default.NodeListView, cancellationToken);

    private static string GroupPath(string group) => new NodeName(group, IsAgent: false).Path;

    private static string LimitPath(NodeName node, string window) => $"{node.Path}/limits/{Uri.EscapeDataString(window)}";

    private static string Page(string? after, int limit) =>
        string.Create(CultureInfo.InvariantCulture, $"?limit={limit}") + (after is null ? "" : "&after=" + Uri.EscapeDataString(after));

    private static HttpRequestMessage With<T>(HttpMethod method, string path, T body, JsonTypeInfo<T> type) =>
        new(method, path) { Content = JsonContent.Create(body, type) };
}
