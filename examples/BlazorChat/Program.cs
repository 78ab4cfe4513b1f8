// A chat page whose visitors have a cent each; answers come word by word. Needs no key.
using System.ClientModel;
using Microsoft.Extensions.AI;
using OpenAI;
using SpendGuard.Examples.BlazorChat;
using SpendGuard.Testing.Provider;

// For the show only: a provider on loopback that takes its time. An application has its own key and endpoint here.
await using var provider = await SimulatedProvider.StartAsync(new SimulatedProviderOptions
{
    Behaviour = new Behaviour { OutputTokens = 150, DelayBetweenEvents = TimeSpan.FromMilliseconds(20) },
});
var openAI = new OpenAIClient(new ApiKeyCredential("no-key-needed"), new OpenAIClientOptions { Endpoint = provider.OpenAIEndpoint });

var builder = WebApplication.CreateBuilder(args);
builder.AddSpendGuard();

// The page's script is found without publishing, in whatever environment.
builder.WebHost.UseStaticWebAssets();
builder.Services.AddRazorComponents().AddInteractiveServerComponents();

// A page is no request while it is open: its conversation says whose budget it is. A call that says nothing is refused.
builder.Services.AddChatClient(openAI.GetChatClient("gpt-4o-mini").AsIChatClient()).UseSpendGuard(() => null);
builder.Services.AddScoped<Conversation>();

var app = builder.Build();
app.UseExceptionHandler();
app.UseAntiforgery();
app.MapStaticAssets();
app.MapRazorComponents<App>().AddInteractiveServerRenderMode();
await app.RunAsync();
