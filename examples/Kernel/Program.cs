// A kernel whose model never stops calling plug-ins, under a budget that does not care. Needs no key; with OPENAI_API_KEY set it runs
// against OpenAI.
using Microsoft.Extensions.DependencyInjection;
using Microsoft.SemanticKernel;
using SpendGuard;
using SpendGuard.Examples.NewsDesk;
using SpendGuard.Examples.Quickstart;
using SpendGuard.SemanticKernel;

var budget = Money.FromDollars(0.01m);
using var folder = new TemporaryFolder();
await using var upstream = await Upstream.StartAsync();

// The kernel as it would be without a budget: a connector that loops over tools by itself, and two plug-ins.
var builder = Kernel.CreateBuilder();
builder.AddOpenAIChatCompletion("gpt-4o-mini", upstream.OpenAI);
builder.Plugins.AddFromType<Archive>("archive");
builder.Plugins.AddFromFunctions("editor", [KernelFunctionFactory.CreateFromPrompt(
    "Write one headline on {{$topic}}.", functionName: "headline", description: "Writes a headline on a topic.")]);

// The budget: an engine, and every model service of the kernel under it. A search of the archive costs money as well.
builder.Services.AddSpendGuard(o => o.UseSqlite(folder.File("kernel.db")));
builder.AddSpendGuard("news-desk", configure: o => o.AddToolBudget("archive", "search", price: Money.FromDollars(0.0005m)));
var kernel = builder.Build();
await using var guard = kernel.GetRequiredService<SpendGuardEngine>();
await guard.SetBudgetAsync("news-desk", budget);

// The runaway: an automatic function loop that only the budget ends.
var screen = new Screen(budget, upstream);
await using var ledger = LedgerView.Follow(guard, screen);
var report = KernelFunctionFactory.CreateFromPrompt("Report everything there is on {{$topic}}.", functionName: "report");
var settings = new PromptExecutionSettings
{
    FunctionChoiceBehavior = FunctionChoiceBehavior.Auto(),
    ExtensionData = new Dictionary<string, object>(StringComparer.Ordinal) { ["max_tokens"] = 500 },
};
var refusal = "";
await foreach (var update in kernel.InvokeStreamingAsync(report, new KernelArguments(settings) { ["topic"] = "budgets" }))
{
    // The last answer is the budget's: why it has refused, and what remains.
    if (update.Metadata?.ContainsKey(RefusalProperties.Refusal) == true)
    {
        refusal += update;
    }
}

await ledger.CatchUpAsync();
screen.ShowAnswer(refusal);

// The proof: the provider's bill and the price of the searches, against the ledger.
return screen.Show(await Reckoning.MakeAsync(guard, upstream)) ? 0 : 1;
