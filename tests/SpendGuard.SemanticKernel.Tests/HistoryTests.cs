using Microsoft.SemanticKernel;
using Microsoft.SemanticKernel.ChatCompletion;
using SpendGuard.Testing.Provider;

namespace SpendGuard.SemanticKernel.Tests;

/// <summary>A history that was kept without a guard can be gone on with under one, and back: it names the same functions in both.</summary>
public sealed class HistoryTests : IAsyncLifetime
{
    private readonly List<string> _toldNames = [];

    private GuardedKernel _guarded = null!;

    public static TheoryData<string, bool, bool> Cases
    {
        get
        {
            var data = new TheoryData<string, bool, bool>();
            foreach (var service in (string[])[Service.ChatCompletion, Service.Connector])
            {
                foreach (var byHand in (bool[])[false, true])
                {
                    data.Add(service, byHand, false);
                    data.Add(service, byHand, true);
                }
            }

            return data;
        }
    }

    public async Task InitializeAsync()
    {
        _guarded = await GuardedKernel.StartAsync();
        _guarded.Provider.OnArrival = request =>
        {
            _toldNames.Clear();
            _toldNames.AddRange(
                from message in request.Body["messages"]!.AsArray()
                from call in message!["tool_calls"]?.AsArray() ?? []
                select call!["function"]!["name"]!.GetValue<string>());
            return Task.CompletedTask;
        };
    }

    public async Task DisposeAsync() => await _guarded.DisposeAsync();

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task History_NamesFunctions_AsWithoutAGuard(string service, bool byHand, bool stream)
    {
        var bare = await TalkAsync(Bare(service), service, byHand, stream);
        var guarded = await TalkAsync(_guarded.Build(service), service, byHand, stream);

        Assert.Contains(service == Service.Connector ? "library|search" : "|library_search", Names(bare));
        Assert.Equal(Names(bare), Names(guarded));
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task History_GoesOnUnderTheOther_TheModelIsToldTheNamesThatItKnows(string service, bool byHand, bool stream)
    {
        var name = Service.ToolName(service, "library", "search");
        foreach (var guardedFirst in (bool[])[false, true])
        {
            var (first, second) = guardedFirst ? (_guarded.Build(service), Bare(service)) : (Bare(service), _guarded.Build(service));
            var history = await TalkAsync(first, service, byHand, stream);
            await SayAsync(second, history, stream, byHand);
            Assert.NotEmpty(_toldNames);
            Assert.All(_toldNames, told => Assert.Equal(name, told));

            // Where it offers no functions any more, too.
            await SayAsync(second, history, stream, byHand, tools: false);
            Assert.NotEmpty(_toldNames);
            Assert.All(_toldNames, told => Assert.Equal(name, told));
        }
    }

    /// <summary>Of two functions with one joined name, the one that is offered runs, and it is the one that the history names.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task OneOfTwoFunctionsOfOneName_IsOffered_ItRunsAndIsNamed(bool stream)
    {
        foreach (var (plugin, function) in ((string, string)[])[("files", "old_delete"), ("files_old", "delete")])
        {
            var ran = new List<string>();
            var kernel = _guarded.Build(Service.Connector);
            kernel.Plugins.AddFromFunctions("files", [KernelFunctionFactory.CreateFromMethod(() => { ran.Add("files|old_delete"); }, "old_delete")]);
            kernel.Plugins.AddFromFunctions("files_old", [KernelFunctionFactory.CreateFromMethod(() => { ran.Add("files_old|delete"); }, "delete")]);
            _guarded.Provider.Behaviour = Behaviour.CallTool($"{plugin}-{function}", "{}");
            var history = new ChatHistory("delete x", AuthorRole.User);
            var settings = new PromptExecutionSettings { FunctionChoiceBehavior = FunctionChoiceBehavior.Auto([kernel.Plugins.GetFunction(plugin, function)]) };
            await SayAsync(kernel, history, stream, settings);

            Assert.Equal([$"{plugin}|{function}"], ran);
            Assert.Equal([$"{plugin}|{function}", $"{plugin}|{function}"], Names(history));
        }
    }

    private static List<string> Names(ChatHistory history) =>
    [
        .. history.SelectMany(message => message.Items).Select(item => item switch
        {
            FunctionCallContent call => $"{call.PluginName}|{call.FunctionName}",
            FunctionResultContent { FunctionName: { } function } result => $"{result.PluginName}|{function}",
            _ => "",
        }).Where(name => name.Length > 0),
    ];

    private Kernel Bare(string service)
    {
        var builder = Kernel.CreateBuilder();
        _guarded.Add(builder, service);
        var bare = builder.Build();
        bare.Plugins.AddFromFunctions("library", _guarded.Build(service).Plugins["library"]);
        return bare;
    }

    /// <summary>Asks for something that takes a function, and keeps what is said.</summary>
    private async Task<ChatHistory> TalkAsync(Kernel kernel, string service, bool byHand, bool stream)
    {
        _guarded.Provider.Behaviour = Behaviour.CallTool(Service.ToolName(service, "library", "search"), """{"query":"budgets"}""");
        var history = new ChatHistory("find x", AuthorRole.User);
        await SayAsync(kernel, history, stream, byHand);
        if (byHand)
        {
            foreach (var call in FunctionCallContent.GetFunctionCalls(history[^1]).ToList())
            {
                history.Add((await call.InvokeAsync(kernel)).ToChatMessage());
            }
        }

        return history;
    }

    private static Task SayAsync(Kernel kernel, ChatHistory history, bool stream, bool byHand, bool tools = true) => SayAsync(
        kernel, history, stream, new PromptExecutionSettings { FunctionChoiceBehavior = tools ? FunctionChoiceBehavior.Auto(autoInvoke: !byHand) : null });

    private static async Task SayAsync(Kernel kernel, ChatHistory history, bool stream, PromptExecutionSettings settings)
    {
        var chat = kernel.GetRequiredService<IChatCompletionService>();
        if (!stream)
        {
            history.Add(await chat.GetChatMessageContentAsync(history, settings, kernel));
            return;
        }

        var calls = new FunctionCallContentBuilder();
        var before = history.Count;
        await foreach (var update in chat.GetStreamingChatMessageContentsAsync(history, settings, kernel))
        {
            calls.Append(update);
        }

        // Semantic Kernel's adapter keeps the calls of a stream in the history by itself; a connector leaves them to the caller.
        var made = calls.Build();
        if (history.Count == before && made.Count > 0)
        {
            var message = new ChatMessageContent(AuthorRole.Assistant, content: null);
            foreach (var call in made) { message.Items.Add(call); }
            history.Add(message);
        }
    }
}
