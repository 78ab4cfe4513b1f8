// An agent that never stops, under a budget of one cent, with OpenAI's .NET package against the sidecar. Needs no key; with
// OPENAI_API_KEY set the calls go to OpenAI and cost at most that cent.
using System.ClientModel;
using OpenAI;
using OpenAI.Chat;
using SpendGuard.Examples.SidecarClient;
using SpendGuard.Testing.Provider;

await using var provider = Environment.GetEnvironmentVariable("OPENAI_API_KEY") is { Length: > 0 }
    ? null
    : await SimulatedProvider.StartAsync(new SimulatedProviderOptions { Behaviour = new Behaviour { OutputTokens = 150 } });
await using var sidecar = await SidecarProcess.StartAsync(provider?.OpenAIEndpoint);

// The budget, and a key that is its agent.
using var control = new ControlClient(sidecar.Address);
var agent = await control.CreateAgentAsync("dotnet");
var granted = (await control.SetBudgetAsync(agent, cents: 1)).Remaining;
var key = await control.CreateKeyAsync(agent);
Console.WriteLine($"Agent {agent} has one cent for gpt-4o at {(provider is null ? "OpenAI" : "a simulated provider")}.");
Console.WriteLine();

// The agent: OpenAI's own client, at another address, with the agent's key. OpenAI's is the sidecar's alone.
var chat = new ChatClient("gpt-4o", new ApiKeyCredential(key), new OpenAIClientOptions { Endpoint = new Uri(sidecar.Address, "v1") });

ClientResultException? refusal = null;
Console.WriteLine("call  tokens         left");
for (var call = 1; call <= 100 && refusal is null; call++)
{
    try
    {
        ChatCompletion answer = await chat.CompleteChatAsync(
            [new UserChatMessage("What is a budget? Answer in about 100 words.")], new ChatCompletionOptions { MaxOutputTokenCount = 300 });
        var left = (await control.GetBudgetAsync(agent)).Remaining;
        Console.WriteLine($"{call,4}  {answer.Usage.OutputTokenCount,6}  {Dollars(left),11}");
    }
    catch (ClientResultException exception)
    {
        refusal = exception;
        Console.WriteLine();
        Console.WriteLine($"Call {call} was refused before it was sent ({nameof(ClientResultException)}, status {exception.Status}):");
        Console.WriteLine(exception.Message);
        Console.WriteLine();
    }
}

// The proof.
var budget = await control.GetBudgetAsync(agent);
var bill = provider?.Bill.TotalMicrocents ?? budget.Spent;
if (provider is not null)
{
    Console.WriteLine($"the provider's bill  {Dollars(bill)}");
}

Console.WriteLine($"the budget's spent   {Dollars(budget.Spent)}");
Console.WriteLine($"the budget           {Dollars(granted)}");
var passed = refusal?.Status == 402 && bill == budget.Spent && budget.Spent <= granted && budget.Held == 0;
Console.WriteLine(passed ? "PASSED" : "FAILED");
return passed ? 0 : 1;

static string Dollars(long microcents) => $"${microcents / 100_000_000m:0.00000000}";
