"""What code calls in English what a prompt says in another language, so that one leads to the other.

Each entry is `the words of code = phrases`, entries separated by `;`, phrases written as in all tables. Only what names
something is here: neither the small words of a language nor what is said of any code (function, error, file). A `?`
behind the words of code: people say the phrases of the world as often ("the result of the match"), so that one alone is
no sign that code is meant; only where that is certain, it is searched for by these words.
"""

from __future__ import annotations

CONCEPTS = {
    "de": """
        config=konfigur*|einstellung*; load=laden|lädt|lade|geladen|lud;
        read=lesen|liest|lies|gelesen|einlesen|eingelesen; write=schreiben|schreibt|geschrieben;
        save=speicher|speichern|speichert|gespeichert|abspeicher*;
        delete remove=löschen|löscht|gelöscht|lösche|entfern*; install=installier*|installation*;
        uninstall=deinstall*; download=herunterlad*|heruntergelad*|herunterlädt; upload=hochlad*|hochgelad*;
        update=aktualisier*; build=bauen|gebaut|baut; cache=zwischenspeicher*|zwischengespeicher*;
        memory=arbeitsspeicher*|speicherverbrauch*; directory folder=verzeichnis*|ordner*; path=pfad*;
        environment=umgebung*; dependency=abhängigkeit*; package=paket*; version=versionen;
        user=benutzer*|nutzer*|anwender*; password=passwort*|passwörter*|kennwort*;
        permission=berechtigung*|rechte|zugriffsrecht*; key=schlüssel*;
        login auth=anmeld*|authentifizier*|angemeldet; warning=warnung*; message=nachricht*|meldung*;
        log=protokoll*; request=anfrage*|anforderung*; response=antwort*; connection=verbindung*;
        network=netzwerk*|netz; retry=wiederhol*; timeout=zeitüberschreitung*; header=kopfzeile*; session=sitzung*;
        database=datenbank*; query=abfrage*; table=tabelle*; row=zeilen; column=spalte*; index=indizes;
        search=such*|gesucht; sort=sortier*; filter=filtert|gefiltert; queue=warteschlange*; lock=sperr*;
        event=ereignis*; button=knopf|knöpfe|schaltfläche*; window=fenster*; page=seite|seiten; color=farbe*;
        image=bild|bilder|bildern|grafik*; date=datum*; time=zeit|zeiten|uhrzeit*; number=zahl|zahlen;
        parse=zerleg*; format=formatier*; encode=kodier*; compress=komprimier*; encrypt=verschlüssel*;
        hash=prüfsumme*; validate check=validier*|prüfung*; compare=vergleich*; copy=kopier*|kopie;
        rename=umbenenn*|umbenannt; merge=zusammenführ*; start=startet|gestartet; stop=stoppt|angehalten;
        open=öffnen|öffnet|geöffnet; close=schließ*|geschlossen; send=senden|sendet|gesendet|schick*|verschick*;
        display show=anzeig*|angezeigt|zeigt; progress=fortschritt*; shortcut=tastenkürzel*|tastenkombination*;
        link=verweis*; template=vorlage*; plugin=erweiterung*; module=module|modulen; command=befehl*|kommando*;
        option=optionen; argument=argumente*; default=standardwert*|vorgabe*; language=sprache*;
        translation=übersetzung*; size=größe*; limit=grenze*|begrenz*; price=preis*; order=bestellung*;
        invoice bill=rechnung*; account=konto|konten; payment=zahlung*|bezahl*; customer=kunde*; discount=rabatt*;
        cart=warenkorb*; resolve=auflös*|aufgelöst; conflict=konflikt*; script=skript*; platform=plattform*;
        invalid=ungültig*; expire=ablauf*|abgelaufen; crash=absturz*|abstürz*;
        round=rundung*|runden|rundet|gerundet;
        comment=kommentar*; currency=währung*;
        result?=ergebnis*; task?=aufgabe|aufgaben; store=ablage|abgelegt;
        generate=erzeug|erzeuge|erzeugt|erzeugen|erzeugung|generier*; history?=verlauf|historie; tax=steuer|steuern;
        count?=zählt|zählen|gezählt|anzahl; total sum?=summe|summen|gesamtsumme|gesamtbetrag;
        duplicate=duplikat*|dupliz*; schedule=zeitplan*; watch=überwacht|überwachen|überwachung;
        playback play=wiedergabe|abspielen|abgespielt; subtitle=untertitel*; field?=feld|felder
    """,
    "fr": """
        config=configur*|réglage*; load=charg*; read=lire|lit|lu|lue|lus|lues|lecture*; write=écri*;
        save=sauvegard*|enregistr*; delete remove=supprim*|efface*|enlev*|retir*|suppression*; install=install*;
        uninstall=désinstall*; download=télécharg*; upload=téléversé|téléverser;
        update=mettre à jour|mise à jour|mises à jour; build=construi*|compil*; memory=mémoire*;
        directory folder=dossier*|répertoire*; path=chemin*; environment=environnement*; dependency=dépendance*;
        package=paquet*; user=utilisateur*; password=mot de passe|mots de passe; permission=droits|autorisation*;
        key=clé|clés|clef*; login auth=connexion utilisateur|authentif*; warning=avertissement*; message=messages;
        log=journal|journaux; request=requête*|demande*; response=réponse*; connection=connexion*|connect*;
        network=réseau*; retry=réessa*|nouvelle tentative; timeout=délai*; header=en tête*|entête*;
        session=sessions; database=base de données|bases de données; query=requête*; table=tableau*|tables;
        row=lignes; column=colonne*; search=recherch*|cherch*; sort=tri|trie|trier|triés; filter=filtr*;
        queue=file d attente|files d attente; lock=verrou*; event=événement*|évènement*; button=bouton*;
        window=fenêtre*; page=pages; browser=navigateur*; color=couleur*; image=images; date=dates;
        time=heure*|temps; number=nombre*|chiffre*; parse=analys*; format=format*; encode=encod*;
        compress=compress*; encrypt=chiffr*; hash=empreinte*; validate check=valid*|vérif*|contrôl*;
        compare=compar*; copy=copi*; rename=renomm*; merge=fusion*; start=démarr*|lanc*; stop=arrêt*;
        open=ouvr*|ouvert*; close=ferm*; send=envo*; display show=affich*|montr*; progress=progression*;
        shortcut=raccourci*; link=lien*; template=modèle*|gabarit*; plugin=extension*|greffon*; command=commande*;
        option=options; argument=arguments; default=défaut; language=langue*; translation=traduction*; size=taille*;
        limit=limite*; price=prix; order=ordre*; invoice bill=facture*; account=comptes|compte utilisateur;
        payment=paiement*; customer=client|clients; discount=remise*|rabais*; cart=panier*; resolve=résol*|résou*;
        conflict=conflit*; server=serveur*; environment variable=variable d environnement|variables d environnement;
        comment=commentaire*; platform=plateforme*; invalid=invalide*; expire=expir*; crash=plante*;
        version=versions; round=arrondi*; target=cible*; currency=devise*|monnaie*;
        result?=résultat*; task?=tâche|tâches; store=stocke|stockent|stocker|stocké*|stockage|entreposé*;
        generate=génère|génèrent|générer|généré*; history?=historique*; schedule=planifié*|planificateur*;
        tax=taxe|taxes|impôt|impôts; count?=compteur*|compter|compté*; total sum?=somme; duplicate=doublon*|dupliqu*;
        clear=vider|vidé|vidée|vidés|vidées; watch=surveille|surveiller|surveillé*; subtitle=sous titre*;
        field?=champ|champs; cache=antémémoire
    """,
    "es": """
        config=configur*|ajuste*; load=carg*; read=leer|lee|leen|leído*|lectura*; write=escrib*|escritura*|escrito*;
        save=guard*; delete remove=borr*|elimin*|quit*; install=instal*; uninstall=desinstal*; download=descarg*;
        upload=subir|sube|subida*; update=actualiz*; build=constru*|compil*; cache=caché*; memory=memoria*;
        directory folder=carpeta*|directorio*; path=ruta*; environment=entorno*; dependency=dependencia*;
        package=paquete*; version=versión|versiones; user=usuari*; password=contraseña*|clave*; permission=permiso*;
        key=clave*|llave*; login auth=inicio de sesión|iniciar sesión|autentic*; warning notice=advertencia*|aviso*;
        message=mensaje*; log=registro*; request=petición*|peticiones|solicitud*; response=respuesta*;
        connection=conexión|conexiones|conect*; network=red|redes; retry=reintent*; timeout=tiempo de espera;
        header=cabecera*|encabezado*; session=sesión|sesiones; database=base de datos|bases de datos;
        query=consulta*; table=tabla*; row=fila*; column=columna*; search=busc*|búsqueda*; sort=ordena*;
        filter=filtr*; queue=cola|colas; thread=hilo*; lock=bloque*; event=evento*; button=botón|botones;
        window=ventana*; page=página*; browser=navegador*; color=colores; image=imagen|imágenes; date=fecha*;
        time=hora*|tiempo*; number=número*; parse=analiz*; format=formato*|formate*; encode=codific*;
        compress=comprim*; encrypt=cifr*|encript*; hash=suma de verificación;
        validate check=valid*|comprob*|verific*; compare=compar*; copy=copi*; rename=renombr*; merge=fusion*;
        start=inici*|arranq*|arranc*; stop=deten*|detien*|parar; open=abr*|abiert*; close=cerr*|cierr*;
        send=envi*|envía*; display show=mostr*|muestr*; progress=progreso*; shortcut=atajo*; link=enlace*;
        template=plantilla*; plugin=complemento*; module=módulo*; command=comando*; option=opción|opciones;
        argument=argumento*; default=predeterminad*|por defecto; language=idioma*|lengua*; translation=traducc*;
        size=tamaño*; limit=límite*; price=precio*; order=pedido*; invoice bill=factura*; account=cuenta*;
        payment=pago*; customer=cliente*; discount=descuento*; cart=carrito*; resolve=resuelv*|resolver;
        conflict=conflicto*; server=servidor*; screen=pantalla*; repository=repositorio*; platform=plataforma*;
        invalid=inválid*; expire=caduc*|expir*; round=redond*;
        comment=comentario*; currency=moneda*|divisa*;
        result?=resultado*; task?=tarea|tareas; store=almacena|almacenan|almacenar|almacenad*|almacenamiento;
        generate=genera|generan|generar|generad*; history?=historial; schedule=planificad*; tax=impuesto*;
        count?=contador|contadores|cuenta cuántos; total sum?=suma|sumas|sumar; duplicate=duplic*;
        clear=vacían|vaciar|vaciad*|limpian|limpiar|limpiad*; subtitle=subtítulo*; field?=campo|campos
    """,
    "pt": """
        config=configur*; load=carreg*; read=ler|lê|leem|lido*|lida*|leitura*; write=escrev*|escrita*|grava*;
        save=salv*|guard*; delete remove=apag*|exclu*|remov*|delet*; install=instal*; uninstall=desinstal*;
        download=baix*|descarreg*; update=atualiz*; build=constru*|compil*; memory=memória*;
        directory folder=pasta*|diretório*; path=caminho*; environment=ambiente*; dependency=dependência*;
        package=pacote*; version=versão|versões; user=usuári*|utilizador*; password=senha*; permission=permiss*;
        key=chave*; login auth=autentic*; warning=aviso*; message=mensage*; log=registro*; request=requisi*|pedido*;
        response=resposta*; connection=conexão|conexões|conect*; network=rede|redes;
        retry=tentar de novo|tentativa*; timeout=tempo limite; header=cabeçalho*; session=sessão|sessões;
        database=banco de dados|base de dados; query=consulta*; table=tabela*; row=linhas; column=coluna*;
        search=busc*|pesquis*|procur*; sort=orden*; filter=filtr*; queue=fila|filas;
        lock=bloque*|trava|travas|travar|travado; event=evento*; button=botão|botões; window=janela*; page=página*;
        browser=navegador*; color=cor|cores; image=imagem|imagens; date=datas; time=hora*|tempo*; number=número*;
        parse=analis*; format=formato*|formata*; encode=codific*; compress=compact*|comprim*;
        encrypt=criptograf*|cifr*; validate check=valid*|verific*; compare=compar*; copy=copi*; rename=renome*;
        merge=mescl*|fusão; start=inici*|começ*; stop=parar|parou; open=abr*|abert*; close=fech*; send=envi*;
        display show=mostr*|exib*; progress=progresso*; shortcut=atalho*; link=links; template=modelo*;
        plugin=extens*; module=módulo*; command=comando*; option=opção|opções; argument=argumento*;
        default=padrão|padrões; language=idioma*|língua*; translation=traduç*; size=tamanho*; limit=limite*;
        price=preço*; order=pedido*; invoice bill=fatura*; account=conta|contas; payment=pagamento*;
        customer=cliente*; discount=desconto*; cart=carrinho*; resolve=resolv*; conflict=conflito*;
        server=servidor*; environment variable=variáveis de ambiente|variáveis do ambiente|variável de ambiente;
        change watch=mudança*; object=objeto*; name=nome|nomes; system platform=sistema|plataforma*;
        extract=extrai*|extraí*; invalid=inválid*; expire=expir*; round=arredond*;
        comment=comentário*; currency=moeda*;
        result?=resultado*; task?=tarefa|tarefas; store=armazena|armazenam|armazenar|armazenad*|armazenamento;
        generate=gera|geram|gerar|gerad*; history?=histórico; schedule=agendad*|agendamento*; tax=imposto|impostos;
        count?=contador|contadores|contagem; total sum?=soma|somas|somar; duplicate=duplic*;
        clear=limpam|limpar|esvazi*; subtitle=legendas; field?=campo|campos
    """,
    "it": """
        config=configur*|impostazion*; load=caric*; read=leggere|legge|letta|letto|letti|lette|lettura*;
        write=scriv*|scritt*|scrittura*; save=salv*; delete remove=cancell*|elimin*|rimuov*|rimoss*;
        install=install*; uninstall=disinstall*; download=scaric*; update=aggiorn*; build=costru*|compil*;
        memory=memoria*; directory folder=cartell*; path=percors*; environment=ambient*; dependency=dipendenz*;
        package=pacchett*; version=version*; user=utent*; password=parola d ordine; permission=permess*; key=chiav*;
        login auth=autentic*|accesso; warning=avvis*; message=messagg*; request=richiest*; response=rispost*;
        connection=connession*|conness*; network=rete|reti; retry=riprov*|ritent*; resume=ripren*;
        timeout=tempo scaduto; header=intestazion*; session=session*; database=base di dati; query=interrogazion*;
        table=tabell*; row=righe; column=colonn*; search=cerc*|ricerc*; sort=ordin*; filter=filtr*; queue=coda;
        lock=blocc*; event=event*; button=pulsant*|bottone; window=finestr*; page=pagin*; color=color*;
        image=immagin*; time=ora|tempo; number=numer*; parse=analizz*; format=formatt*|formato; encode=codific*;
        compress=compress*|compress*; extract=estra*|estrazion*; encrypt=cifr*|crittograf*;
        validate check=valid*|verific*|controll*; compare=confront*; copy=copi*; rename=rinomin*;
        merge=unire|unisc*; start=avvi*; stop=ferm*|arrest*; open=apr*|apert*; close=chiud*|chius*; send=invi*;
        display show=mostr*|visualizz*; progress=avanzament*|progress*; shortcut=scorciatoi*; link=collegament*;
        template=modell*; plugin=estension*; module=modul*; command=comand*; option=opzion*; argument=argoment*;
        default=predefinit*; language=lingu*; translation=traduzion*; size=dimension*; limit=limit*; price=prezz*;
        order=ordin*; invoice bill=fattur*; account=conto|conti; payment=pagament*; customer=client|clienti;
        discount=scont*; cart=carrell*; resolve=risolv*|risoluzion*; conflict=conflitt*; list=lista|elenc*;
        temporary temp=temporane*;
        environment variable=variabile di ambiente|variabile d ambiente|variabili di ambiente|variabili d ambiente;
        corrupt invalid=corrott*|non valid*; expire=scad*; round=arrotond*;
        comment=comment*; currency=valut*;
        result?=risultat*; task?=compito|compiti; store=memorizzat*|archiviat*;
        generate=genera|generano|generare|generat*; history?=cronologia; schedule=pianificat*|pianificazion*;
        tax=l imposta|dell imposta|imposte|tassa|tasse; count?=contatore|contatori|contare|conteggio;
        total sum?=somma|somme|totale|totali; duplicate=duplic*; clear=svuot*; subtitle=sottotitol*; field?=campo|campi
    """,
    "ru": """
        config=конфиг*|настройк*|настроек; load=загру*|загрузк*; read=читает*|чтени*|прочит*|читать|читаются;
        write=пишет*|запис*; save=сохран*; delete remove=удал*; install=установ*|устанавлив*; uninstall=деинсталл*;
        download=скачив*|скачать|скачал*; update=обнов*; build=сборк*|собир*; cache=кэш*|кеш*; memory=памят*;
        directory folder=папк*|каталог*|директори*; path=пут*; environment=окружени*|сред*; dependency=зависимост*;
        package=пакет*; version=верси*; user=пользовател*; password=парол*; permission=прав|права|разрешени*;
        key=ключ*; auth login=авториз*|аутентиф*|вход*; warning=предупрежд*; message=сообщени*;
        log=лог|логе|логи|логах|журнал*; request=запрос*; response=ответ*; connection=соединени*|подключени*;
        network=сет*; retry=повтор*; timeout=таймаут*|тайм аут*; header=заголов*; session=сесси*;
        database=баз данных|база данных|базы данных|базе данных|бд; table=таблиц*; row=строк; column=столб*|колон*;
        index=индекс*; search=поиск*|ищет*; sort=сортир*; filter=фильтр*; queue=очеред*; thread=поток*;
        lock=блокир*; event=событи*; button=кнопк*; window=окн*; page=страниц*; browser=браузер*; color=цвет*;
        image=изображени*|картинк*; date=дат|дата|дату|даты; time=врем*; number=числ*; parse=парс*|разбор*;
        format=формат*; encode=кодир*; compress=сжат*|сжим*; encrypt=шифр*; hash=хеш*|хэш*;
        validate check=провер*|валид*; compare=сравн*; copy=копир*; rename=переимен*; merge=слиян*|слива*;
        start=запус*; stop=останов*|останавл*; open=откры*; close=закры*; send=отправ*|посыла*;
        display show=показ*|отображ*; progress=прогресс*; link=ссылк*; template=шаблон*; plugin=плагин*|расширени*;
        module=модул*; command=команд*; option=опци*; argument=аргумент*; default=по умолчанию; language=язык*;
        translation=перевод*; size=размер*; limit=лимит*|огранич*; price=цен*; order=заказ*|порядок|порядк*;
        invoice bill=счет*|счёт*; account=аккаунт*; payment=оплат*|платеж*|платёж*; customer=клиент*;
        discount=скидк*; cart=корзин*; resolve=разреш*; conflict=конфликт*; server=сервер*; client=клиент*;
        proxy=прокси; token=токен*; invalidate=инвалид*; import=импорт*; candidate=кандидат*; release=релиз*;
        round=округл*;
        comment=комментари*; currency=валют*;
        result?=результат*; task?=задач*; worker=воркер*; store=хранится|хранятся|хранить|хранени*|хранилищ*;
        generate=генерир*|сгенерир*|генерац*; history?=истори*; schedule=расписани*|планировщик*|запланир*; tax=налог*;
        count?=подсчит*|подсчёт*|подсчет*|счётчик*|счетчик*; total sum?=сумм*; duplicate=дублик*|дублир*;
        clear=очист*|очищ*; subtitle=субтитр*; field?=поле|поля|полей|полях; calculate?=вычисл*|рассчит*;
        backend=бэкенд*
    """,
    "zh": """
        config=配置|设置|設定; load=加载|載入; read=读取|讀取; write=写入|寫入; save=保存|存储|儲存;
        delete remove=删除|移除|刪除; install=安装|安裝; uninstall=卸载; download=下载|下載; upload=上传|上傳;
        update=更新; build=构建|编译|建置; cache=缓存|快取; memory=内存|記憶體; directory folder=目录|文件夹|目錄;
        path=路径|路徑; environment=环境|環境; dependency=依赖|依賴; package=软件包|安装包; version=版本;
        user=用户|使用者; password=密码|密碼; permission=权限|權限; key=密钥|键; login auth=登录|认证|鉴权|登入;
        warning=警告; message=消息|信息|訊息; log=日志|日誌; request=请求|請求; response=响应|回應;
        connection=连接|連線; network=网络|網路; retry=重试|重試; timeout=超时|逾時; header=请求头|标头;
        session=会话|會話; database=数据库|資料庫; query=查询|查詢; table=表格; row=行数; column=列名; index=索引;
        search=搜索|搜尋; sort=排序; filter=过滤|筛选|過濾; queue=队列|佇列; thread=线程|執行緒; lock=锁;
        event=事件; button=按钮|按鈕; window=窗口|視窗; page=页面|頁面; browser=浏览器|瀏覽器; style css=样式|樣式;
        color=颜色|顏色; image=图片|图像|圖片; date=日期; time=时间|時間; number=数字; parse=解析; format=格式;
        encode=编码|編碼; compress=压缩|壓縮; encrypt=加密; hash=哈希|散列; validate check=检查|校验|验证|驗證;
        compare=比较|比較; copy=复制|拷贝|複製; rename=重命名; merge=合并|合併; start=启动|啟動; stop=停止;
        restart=重启; open=打开|開啟; close=关闭|關閉; send=发送|發送; display show=显示|顯示; progress=进度|進度;
        shortcut=快捷键; link=链接|連結; template=模板|範本; plugin=插件|外掛; module=模块|模組; command=命令;
        option=选项|選項; argument=参数|參數; default=默认|預設; language=语言|語言; translation=翻译|翻譯;
        size=大小; limit=限制; price=价格|價格; order=订单|訂單; invoice bill=账单|发票; account=账户|账号;
        payment=支付|付款; customer=客户|客戶; discount=折扣; cart=购物车|購物車; resolve=解析; conflict=冲突|衝突;
        server=服务器|伺服器; client=客户端; proxy=代理; class name=类名; generate=生成; round=四舍五入|取整;
        comment=注释|註解; currency=货币|貨幣;
        result?=结果|結果; task?=任务|任務; worker=工作进程; store=存放; history?=历史|歷史; schedule=调度|定时|排程;
        tax=税|稅; count?=计数|次数|數量|数量; total sum=总额|合计|总计|總額|合計; duplicate?=重复|重複;
        clear=清空|清除; subtitle=字幕; play=播放; field=字段|欄位; backend=后端|後端; calculate?=计算|計算
    """,
    "ja": """
        config=設定|コンフィグ; load=読み込|ロード; read=読み取|読み込|読込; write=書き込|書込; save=保存;
        delete remove=削除; install=インストール; uninstall=アンインストール; download=ダウンロード;
        upload=アップロード; update=更新|アップデート; build=ビルド; cache=キャッシュ; memory=メモリ;
        directory folder=ディレクトリ|フォルダ; path=パス; environment=環境; dependency=依存; package=パッケージ;
        version=バージョン; user=ユーザ; password=パスワード; permission=権限; key=キー|鍵;
        login auth=ログイン|認証; warning=警告; message=メッセージ; log=ログ; request=リクエスト|要求;
        response=レスポンス|応答; connection=接続; network=ネットワーク; retry=リトライ|再試行;
        timeout=タイムアウト; header=ヘッダ; session=セッション; database=データベース; query=クエリ;
        table=テーブル; row=行数; column=カラム; index=インデックス; search=検索; sort=ソート|並べ替え;
        filter=フィルタ; queue=キュー; thread=スレッド; lock=ロック; event=イベント; button=ボタン;
        window=ウィンドウ; page=ページ; browser=ブラウザ; style css=スタイル; color=色|カラー; image=画像;
        date=日付; time=時刻|時間; number=数値; parse=解析|パース; format=フォーマット|形式; encode=エンコード;
        compress=圧縮; encrypt=暗号; hash=ハッシュ; validate check=検証|チェック|バリデーション; compare=比較;
        copy=コピー; rename=リネーム; merge=マージ; start=起動|開始; stop=停止; restart=再起動; open=開く|開き;
        close=閉じ; send=送信; display show=表示; progress=進捗; shortcut=ショートカット; link=リンク;
        template=テンプレート; plugin=プラグイン; module=モジュール; command=コマンド; option=オプション;
        argument=引数; default=デフォルト; language=言語; translation=翻訳; size=サイズ; limit=制限|上限;
        price=価格; order=注文; invoice bill=請求; account=アカウント; payment=支払|決済; customer=顧客;
        discount=割引; cart=カート; resolve=解決; conflict=競合|衝突; server=サーバ; client=クライアント;
        proxy=プロキシ; output=出力; credential=認証情報; generate=生成; round=四捨五入|丸め;
        comment=コメント; currency=通貨;
        result?=結果; task=タスク; worker=ワーカー; store=格納; history=履歴; schedule?=スケジュール; tax=税;
        count?=回数|件数|数え; total sum=合計|総額; duplicate=重複; clear=クリア|消去; subtitle=字幕; play?=再生;
        field=フィールド; backend=バックエンド; calculate?=計算
    """,
    "ko": """
        config=설정|구성; load=로드|불러; read=읽; write=쓰기|기록; save=저장; delete remove=삭제|제거|지우;
        install=설치; download=다운로드|내려받; upload=업로드; update=업데이트|갱신; build=빌드; cache=캐시;
        memory=메모리; directory folder=디렉터리|디렉토리|폴더; path=경로; environment=환경;
        dependency=의존성|종속성; package=패키지; version=버전; user=사용자; password=비밀번호|암호;
        permission=권한; login auth=로그인|인증; warning=경고; message=메시지; log=로그; request=요청;
        response=응답; connection=연결; network=네트워크; retry=재시도; timeout=타임아웃|시간 초과; header=헤더;
        session=세션; database=데이터베이스; query=쿼리; table=테이블; column=컬럼; index=인덱스|색인; search=검색;
        sort=정렬; filter=필터; queue=큐|대기열; thread=스레드; lock=잠금; event=이벤트; button=버튼; page=페이지;
        browser=브라우저; style css=스타일; color=색상; image=이미지; date=날짜; time=시간; number=숫자;
        parse=파싱|구문 분석; format=포맷|형식; encode=인코딩; compress=압축; encrypt=암호화; hash=해시;
        validate check=검증|검사|확인; compare=비교; copy=복사; rename=이름 변경; merge=병합; start=시작|실행;
        stop=중지|정지; restart=재시작; open=열기|열리; close=닫; send=전송|보내; display show=표시; progress=진행;
        shortcut=단축키; link=링크; template=템플릿; plugin=플러그인; module=모듈; command=명령; option=옵션;
        argument=인자|인수; default=기본값; language=언어; translation=번역; size=크기; limit=제한; price=가격;
        order=주문; invoice bill=청구; account=계정; payment=결제; customer=고객; discount=할인; cart=장바구니;
        resolve=해결; conflict=충돌; server=서버; client=클라이언트; proxy=프록시; variable=변수; round=반올림;
        comment=주석; currency=통화;
        result?=결과; task=태스크; worker=워커; store=보관; history=히스토리; schedule?=스케줄; tax=세금;
        count?=개수|횟수; total sum=합계|총액; duplicate=중복; clear=비우; subtitle=자막; play?=재생; field=필드;
        backend=백엔드; calculate?=계산
    """,
    "nl": """
        config=configur*|instelling*; load=laden|laadt|geladen; read=lezen|leest|gelezen;
        write=schrijven|schrijft|geschreven; save=opslaan|opgeslagen|bewaar*;
        delete remove=verwijder*|wissen|gewist; install=installe*|geïnstalleer*; download=gedownload|downloaden;
        update=bijwerk*|bijgewerkt|vernieuw*; build=bouwen|bouwt|gebouwd; memory=geheugen*;
        directory folder=map|mappen; path=pad|paden; environment=omgeving*; dependency=afhankelijk*;
        package=pakket*; version=versie*; user=gebruiker*; password=wachtwoord*;
        permission=rechten|schrijfrechten|toestemming*; key=sleutel*; login auth=inlog*|aanmeld*;
        warning=waarschuwing*; message=bericht*|melding*; request=verzoek*|aanvraag*; response=antwoord*;
        connection=verbinding*; network=netwerk*; retry=opnieuw proberen|herhaal*; session=sessie*; table=tabel*;
        row=rijen; column=kolom*; search=zoek*|gezocht; sort=sorteer*|gesorteerd; queue=wachtrij*; lock=vergrendel*;
        event=gebeurtenis*; button=knop|knoppen; window=venster*; page=pagina*; color=kleur*; image=afbeelding*;
        date=datum*; time=tijd*; number=getal*|nummer*; validate check=valide*|controle*; compare=vergelijk*;
        copy=kopie*; rename=hernoem*; start=starten|gestart; stop=gestopt|stoppen; open=openen|opent|geopend;
        close=sluit*|gesloten; send=sturen|stuurt|verzend*|verzonden; display show=toon*|weergave*|getoond;
        progress=voortgang*; template=sjabloon*; command=opdracht*; option=opties; default=standaard*;
        language=taal; translation=vertaling*; size=grootte*; price=prijs|prijzen; order=bestelling*;
        invoice bill=factuur*; account=rekening*; payment=betaling*; customer=klant*; discount=korting*;
        cart=winkelwagen*|mandje; error=fout*; file=bestand*; function=functie*; resolve=oplossen|opgelost;
        round=afgerond|afrond*;
        comment=commentaar; currency=valuta*;
        result?=resultaat|resultaten; task?=taak|taken; store=bewaard; history?=geschiedenis;
        schedule?=planning|gepland; tax=belasting|belastingen|btw; count?=tellen|telt|geteld|aantal;
        total sum?=som|totaal; duplicate=duplica*|gedupliceerd*; subtitle=ondertitel*;
        play=afspelen|afspeelt|afgespeeld; field?=veld|velden; calculate?=bereken*
    """,
    "pl": """
        config=konfigur*|ustawie*; load=ładowa*|wczyt*|załadow*; read=czyta*|odczyt*; write=zapis*|pisze|pisać;
        save=zapis*; delete remove=usuw*|usun*|kasow*; install=instal*|zainstal*; download=pobier*|pobra*;
        update=aktualiz*|zaktualiz*; build=budow*|zbudow*|kompil*; cache=pamięci podręcznej|pamięć podręczna;
        memory=pamię*; directory folder=katalog*|folder*; path=ścieżk*; environment=środowisk*; dependency=zależno*;
        package=pakiet*; version=wersj*; user=użytkownik*; password=hasł*; permission=uprawnie*; key=klucz*;
        login auth=logowa*|uwierzytel*; warning=ostrzeże*; message=wiadomo*|komunikat*; request=żądani*|zapytani*;
        response=odpowied*; connection=połącze*; network=sieć|sieci; retry=ponow*|ponawia*; header=nagłów*;
        session=sesj*; database=baza danych|bazy danych|bazie danych; table=tabel*; row=wiersz*; column=kolumn*;
        index=indeks*; search=szuka*|wyszuk*; sort=sortow*|posortow*; filter=filtr*; queue=kolejk*;
        thread=wątk*|wątek; lock=blokad*|blokuj*; event=zdarze*; button=przycisk*; window=okno|okna|oknie;
        page=stron*; browser=przeglądar*; color=kolor*; image=obraz*; date=daty|datę; time=czas*;
        number=liczb*|numer*; parse=parsow*; check validate=sprawdz*|walid*; compare=porówn*; copy=kopi*|skopi*;
        rename=zmiana nazwy|zmień nazwę; start=uruchom*|startow*; stop=zatrzym*; open=otwier*|otwor*|otwarc*;
        close=zamyk*|zamkn*; send=wysył*|wysła*; display show=pokaz*|wyświetl*; progress=postęp*; template=szablon*;
        plugin=wtyczk*; module=moduł*; command=poleceni*|komend*; option=opcj*; argument=argument*; default=domyśl*;
        language=język*; translation=tłumacz*; size=rozmiar*; limit=ograniczen*; price=cena|ceny|cenę;
        order=zamówie*; invoice bill=faktur*|rachun*; account=kont*; payment=płatno*; customer=klient*;
        discount=rabat*|zniżk*; cart=koszyk*; server=serwer*; error=błąd|błędy|błędu|błędów; file=plik*;
        function=funkcj*; completion=uzupełnia*|autouzupełnia*; link=odnośnik*; script=skrypt*; round=zaokrągl*;
        comment=komentarz*; currency=walut*;
        result?=wynik*|rezultat*; task?=zadani*|zadań; store=przechowyw*; history?=histori*; schedule=harmonogram*;
        tax=podatk*|podatek; count?=policz*|zlicz*; total sum?=suma|sumy|sumę; duplicate=duplik*; play?=odtwarz*;
        calculate?=oblicz*
    """,
}
