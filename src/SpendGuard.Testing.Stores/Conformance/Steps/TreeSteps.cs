using SpendGuard.Budgets;
using SpendGuard.Storage;

namespace SpendGuard.Testing.Stores;

/// <summary>Short names for what tests do with a tree. Amounts are microcents, times are seconds after a fixed moment.</summary>
internal static class TreeSteps
{
    public const string By = "somebody";

    public static async Task<BudgetAnswer> GroupAsync(this IBudgetStore store, string id, string? under = null, string? name = null, bool unique = false) =>
        await store.ApplyAsync(new CreateGroup(id, name, ToNode(under), StoreSteps.Start) { By = By, UniqueName = unique }, default);

    public static async Task<BudgetAnswer> AgentAsync(this IBudgetStore store, string id, string? under = null, string? name = null, bool unique = false) =>
        await store.ApplyAsync(new CreateAgent(id, name, StoreSteps.Start) { Under = ToNode(under), UniqueName = unique }, default);

    public static async Task<BudgetAnswer> RenameAgentAsync(this IBudgetStore store, string id, string name, bool unique = false) =>
        await store.ApplyAsync(new RenameAgent(id, name, StoreSteps.Start) { UniqueName = unique }, default);

    public static async Task<BudgetAnswer> RenameGroupAsync(this IBudgetStore store, string id, string name, bool unique = false) =>
        await store.ApplyAsync(new RenameGroup(id, name, StoreSteps.Start) { By = By, UniqueName = unique }, default);

    public static async Task<BudgetAnswer> MoveAsync(this IBudgetStore store, string node, string? under) =>
        await store.ApplyAsync(new MoveNode(node, ToNode(under), StoreSteps.Start) { By = By }, default);

    public static async Task<BudgetAnswer> DeleteGroupAsync(this IBudgetStore store, string id) =>
        await store.ApplyAsync(new DeleteGroup(id, StoreSteps.Start) { By = By }, default);

    public static async Task<BudgetAnswer> DeleteAgentAsync(this IBudgetStore store, string id) =>
        await store.ApplyAsync(new DeleteAgent(id, StoreSteps.Start), default);

    public static async Task<BudgetAnswer> LimitAsync(this IBudgetStore store, string node, Limit limit, int at = 0) =>
        await store.ApplyAsync(new SetLimit(node, limit, StoreSteps.Second(at)) { By = By }, default);

    public static async Task<BudgetAnswer> RemoveLimitAsync(this IBudgetStore store, string node, string window, int at = 0) =>
        await store.ApplyAsync(new RemoveLimit(node, window, StoreSteps.Second(at)) { By = By }, default);

    public static async Task<BudgetAnswer> IdenticalCallsAsync(this IBudgetStore store, string node, int? count) =>
        await store.ApplyAsync(new SetIdenticalCalls(node, count, StoreSteps.Start) { By = By }, default);

    public static async Task<BudgetAnswer> PauseAsync(this IBudgetStore store, string node, string? reason = null) =>
        await store.ApplyAsync(new PauseNode(node, reason, StoreSteps.Start) { By = By }, default);

    public static async Task<BudgetAnswer> ResumeAsync(this IBudgetStore store, string node) =>
        await store.ApplyAsync(new ResumeNode(node, StoreSteps.Start) { By = By }, default);

    public static Task<IReadOnlyList<NodeState>> PathAsync(this IBudgetStore store, string node) => store.FindPathAsync(node, default).AsTask();

    /// <summary>The last account of a limit, as the store has it.</summary>
    public static async Task<Account> AccountAsync(this IBudgetStore store, string node, string window) =>
        (await store.PathAsync(node))[0].Limits.Single(limit => limit.Limit.Window.Name == window).Account
        ?? throw new InvalidOperationException($"Nothing was ever held in {window} of {node}.");

    private static NodeId? ToNode(string? id) => id is null ? (NodeId?)null : new NodeId(id);
}
