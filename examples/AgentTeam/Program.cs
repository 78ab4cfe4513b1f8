// Four agents over one client, each on a budget of its own. One runs dry; the others finish. Needs no key.
using System.ClientModel;
using System.ClientModel.Primitives;
using Microsoft.Agents.AI;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using OpenAI;
using SpendGuard;
using SpendGuard.Examples.AgentTeam;
using SpendGuard.Examples.Quickstart;

using var folder = new TemporaryFolder();
await using var provider = await ScriptedProvider.StartAsync();

// The guard, and a budget for each agent.
await using var services = new ServiceCollection()
    .AddSpendGuard(o => o.UseSqlite(folder.File("team.db")))
    .BuildServiceProvider();
var guard = services.GetRequiredService<SpendGuardEngine>();
var budgets = new Dictionary<string, Money>(StringComparer.Ordinal)
{
    ["planner"] = Money.FromDollars(0.002m),
    ["historian"] = Money.FromDollars(0.004m),
    ["statistician"] = Money.FromDollars(0.004m),
    ["critic"] = Money.FromDollars(0.002m),
};
foreach (var (agent, budget) in budgets)
{
    await guard.SetBudgetAsync(agent, budget);
}

// One client for all of them: each call is paid by the agent that is running.
var openAI = new OpenAIClient(
    new ApiKeyCredential("no-key-needed"),
    new OpenAIClientOptions { Endpoint = provider.Endpoint, RetryPolicy = new ClientRetryPolicy(maxRetries: 0) });
var shared = openAI.GetChatClient("gpt-4o-mini").AsIChatClient()
    .AsBuilder()
    .UseSpendGuard(() => AIAgent.CurrentRunContext?.Agent.Name, configure: client => client.ServiceTier = "default")
    .Build(services);

var search = AIFunctionFactory.Create(Archive.Search);
var planner = Agent("planner", "You plan. Say who looks for what.");
var historian = Agent("historian", "You find out what happened.", search);
var statistician = Agent("statistician", "You find figures, and never have enough of them.", search);
var critic = Agent("critic", "You judge what the others have found.");

var screen = new Screen(budgets);
var plan = await screen.RunAsync(planner, "A page on household budgets since 1900.");
var findings = await Task.WhenAll(screen.RunAsync(historian, plan), screen.RunAsync(statistician, plan));
await screen.RunAsync(critic, string.Join("\n\n", findings));

// The proof: what the provider billed for each agent, which SpendGuard has no part in, against its ledger.
return screen.Show(await Reckoning.MakeAsync(guard, provider, budgets.Keys)) ? 0 : 1;

AIAgent Agent(string name, string instructions, params AITool[] tools) => shared.AsAIAgent(new ChatClientAgentOptions
{
    Name = name,
    ChatOptions = new ChatOptions { Instructions = $"{name}: {instructions}", Tools = tools, MaxOutputTokens = 500 },
});
